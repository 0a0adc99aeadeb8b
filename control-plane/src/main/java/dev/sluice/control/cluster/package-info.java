/**
 * The clustered event bus: a second Vert.x instance that joins in the background, may fail and is built anew. In flow
 * announcements from {@code publish}; out they go to every runtime that listens. Nothing that matters waits for it.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.cluster;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
