/**
 * The control plane as a process: its settings, its composition and its entry point.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
