package dev.sluice.model.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * A snapshot as it was read, with the signature that came with it, which nobody has checked yet.
 *
 * @param signature null when it came without
 */
public record SignedSnapshot(Snapshot snapshot, @Nullable SnapshotSignature signature) {}
