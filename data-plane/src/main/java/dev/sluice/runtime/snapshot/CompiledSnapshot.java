package dev.sluice.runtime.snapshot;

import dev.sluice.model.routing.RouteTable;
import dev.sluice.model.snapshot.Snapshot;

/** A snapshot ready to be served; immutable. */
public record CompiledSnapshot(Snapshot snapshot, RouteTable routes, SnapshotSource source) {}
