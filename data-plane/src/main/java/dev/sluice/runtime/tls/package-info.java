/**
 * TLS towards clients: of a snapshot's SNIs and certificates a set that is served, from which each new connection takes
 * what it needs. Snapshots come in from {@code snapshot}, when they are compiled; the listeners of {@code request} ask for
 * the set of the moment. Private keys are opened here, also those that {@code upstream} shows.
 *
 * <p>Vert.x chooses certificates by options that are changed listener by listener, and caches what it chose. Here a
 * connection reads the one reference to what is served, as a request does. For this, Netty's interface for making TLS
 * engines is used, which Vert.x offers to be put in the place of its own.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.runtime.tls;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
