/**
 * What the write path, the REST frame and the runtime directory say to each other: a group is at a head; which
 * runtimes serve it. Types without behaviour; the directory implements {@link dev.sluice.control.fleet.FleetGate}.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.fleet;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
