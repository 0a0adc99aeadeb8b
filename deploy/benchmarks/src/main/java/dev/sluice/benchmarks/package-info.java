/**
 * Measures what must be fast: finding the route of a request, and compiling, digesting, writing and reading a snapshot.
 * Run by hand with JMH; see the README beside the module for how and for figures.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.benchmarks;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
