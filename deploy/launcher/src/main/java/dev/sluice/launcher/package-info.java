/**
 * What the quickstart runs: an embedded PostgreSQL, one control plane, runtimes and echo, each a process of its own, on
 * the loopback interface, with data kept in one directory. Options come in from the command line and {@code SLUICE_…}
 * from the environment; what flows out is progress, the walk-through to paste, and an orderly stop. The integration
 * tests use the child processes, the ports, the secrets and the database of this package.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.launcher;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
