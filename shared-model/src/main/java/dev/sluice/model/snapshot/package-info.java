/**
 * A group's whole configuration at one revision, as entity byte strings that are made once and never re-serialised,
 * with the digest over them, and the one text format in which a snapshot travels and rests on disk. The control plane
 * makes snapshots; runtimes read, check and compile them.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.model.snapshot;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
