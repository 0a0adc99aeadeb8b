/**
 * Tests of the whole: real control planes, runtimes, echo and PostgreSQL, each a process of its own, started from the
 * jars that the build has just packaged. {@link dev.sluice.it.Sluice} starts them for a class and shows their logs when
 * a test fails.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.it;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
