/**
 * The runtime as a process: its settings, its composition and its entry point.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.runtime;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
