/**
 * Counting what clients were answered, exactly: each event loop counts for itself without locks, the reporter takes the
 * counts over once a second. Requests write here, reports and /metrics read.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.runtime.metrics;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
