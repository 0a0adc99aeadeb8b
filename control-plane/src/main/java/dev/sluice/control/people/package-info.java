/**
 * People and programs that call the REST API: users, API tokens, sessions, and what each may do. In flow tokens, cookies
 * and passwords; out flow principals, to the REST frame. Of every secret only a hash is kept.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.people;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
