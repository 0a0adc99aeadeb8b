/**
 * Answers "where would this request go, and why": a described request comes in from the REST frame, the compiled head
 * of the group explains it.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.match;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
