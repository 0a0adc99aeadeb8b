/**
 * Routes as people declare them: requests come in from the REST frame, checked against the contract; entities go out to
 * the write path. A version's first route may also come with its implementation, whose API asks {@link
 * dev.sluice.control.route.RouteDraft} then.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.route;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
