/**
 * What the planes trust each other by: join tokens, the names in runtimes' certificates, signatures of snapshots, and
 * the sealing of secrets. Computation alone: keys and certificates come in as values, and nothing here reads a file or
 * a socket.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.model.trust;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
