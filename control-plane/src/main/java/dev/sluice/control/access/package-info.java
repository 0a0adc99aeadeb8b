/**
 * Who calls, and what he may do. In flow principals, whom the REST frame has found by token or session; each request is
 * a {@link dev.sluice.control.access.Caller}, which the places that find groups and versions ask whether the caller may.
 * Nothing here knows HTTP or SQL.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.access;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
