package dev.sluice.control.revision;

import dev.sluice.model.routing.RouteTable;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKey;
import dev.sluice.model.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a change has staged for one group, on top of its content as of the lock. */
final class StagedGroup {
    private final GroupContent base;
    private final Map<EntityKey, StagedEntity> put = new TreeMap<>();
    private final TreeSet<EntityKey> removed = new TreeSet<>();

    /** An entity to be written, with what its columns hold. */
    record StagedEntity(Entity entity, EntityFacts facts) {}

    StagedGroup(GroupContent base) {
        this.base = base;
    }

    GroupContent base() {
        return base;
    }

    void put(Entity entity, EntityFacts facts) {
        removed.remove(entity.key());
        put.put(entity.key(), new StagedEntity(entity, facts));
    }

    void remove(EntityKey key) {
        put.remove(key);
        removed.add(key);
    }

    boolean isUntouched() {
        return put.isEmpty() && removed.isEmpty();
    }

    /**
     * What would be written: only what differs by bytes; null when nothing does. Compiles, so it is not for an event
     * loop.
     *
     * @throws dev.sluice.model.problem.InvalidConfigurationException when the new content cannot be served
     */
    @Nullable
    Candidate candidate() {
        Snapshot head = base.snapshot();
        List<StagedEntity> written = new ArrayList<>();
        List<EntityKey> ended = new ArrayList<>();
        for (StagedEntity staged : put.values()) {
            Entity current = head.find(staged.entity().key());
            if (current == null || !current.hasSameBytes(staged.entity())) {
                written.add(staged);
            }
            if (current != null && !current.hasSameBytes(staged.entity())) {
                ended.add(current.key());
            }
        }
        List<EntityKey> gone =
                removed.stream().filter(key -> head.find(key) != null).toList();
        ended.addAll(gone);
        if (written.isEmpty() && ended.isEmpty()) {
            return null;
        }
        Snapshot next = head.with(
                head.revision().next(),
                written.stream().map(StagedEntity::entity).toList(),
                gone);
        GroupContent content = new GroupContent(base.groupId(), next, RouteTable.compile(next));
        return new Candidate(base, content, written, ended);
    }
}
