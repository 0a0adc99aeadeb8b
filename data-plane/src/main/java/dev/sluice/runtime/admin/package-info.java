/**
 * How the runtime is seen and stopped from outside: its phase, and the status port.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.runtime.admin;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
