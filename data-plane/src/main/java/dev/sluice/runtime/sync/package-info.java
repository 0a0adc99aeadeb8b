/**
 * The runtime's side of the control plane, as a single-threaded control loop: announcements, polls and answers to
 * reports come in; out go fetches, compiled snapshots behind the one reference, and a report every second. Nothing here
 * is on the way of a request. The composition starts and stops it.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.runtime.sync;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
