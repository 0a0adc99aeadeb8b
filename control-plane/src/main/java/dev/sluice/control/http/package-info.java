/**
 * The frame of the REST API. In flow HTTP requests; the contract (openapi.yaml) says which there are and what they may
 * carry, so what reaches an {@link dev.sluice.control.http.Operation} is authenticated and valid. Out flow JSON, problem
 * details (RFC 9457) by one table, entity tags and waits for the fleet. Each aggregate's {@code XApi} registers its
 * operations here; nothing here knows an aggregate.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.http;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
