/**
 * The access log: one line of JSON for each request that ended. Requests hand records in from their event loops; a thread
 * of its own writes them, and what it cannot keep up with is dropped and counted: no request ever waits for a disk.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.runtime.accesslog;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
