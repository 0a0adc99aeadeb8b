/**
 * What may go wrong between a client and an upstream, as facts: one enum that is status, message, metric label and
 * glossary, and the one place that reads a failure out of an exception. Every phase of a request fails with these;
 * Netty's exception types are named here alone.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.runtime.failure;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
