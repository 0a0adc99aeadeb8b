package dev.sluice.control.revision;

import dev.sluice.control.fleet.Head;
import dev.sluice.model.routing.RouteTable;
import dev.sluice.model.snapshot.Snapshot;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Committed content of a group, with its route table once somebody has compiled it. Compared by identity. */
final class GroupContent {
    private final UUID groupId;
    private final Snapshot snapshot;
    private volatile @Nullable RouteTable table;

    GroupContent(UUID groupId, Snapshot snapshot, @Nullable RouteTable table) {
        this.groupId = groupId;
        this.snapshot = snapshot;
        this.table = table;
    }

    UUID groupId() {
        return groupId;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    Head head() {
        return new Head(groupId, snapshot.group(), snapshot.revision());
    }

    @Nullable
    RouteTable table() {
        return table;
    }

    /** Takes long for large groups, so not on an event loop. Two threads may both do it: the results are equal. */
    RouteTable compile() {
        RouteTable compiled = table;
        if (compiled == null) {
            compiled = RouteTable.compile(snapshot);
            table = compiled;
        }
        return compiled;
    }
}
