package dev.sluice.runtime.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.runtime.snapshot.SnapshotCompiler;
import dev.sluice.runtime.snapshot.SnapshotSource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What of an upstream outlives the snapshot that it was made for. */
final class CompiledUpstreamTest {
    private static final UUID CHANGED = new UUID(1, 1);
    private static final UUID LEFT_ALONE = new UUID(1, 2);

    private final SnapshotCompiler compiler = new SnapshotCompiler(Instant::now);
    private long revision;

    @Test
    void anUpstreamThatDidNotChangeIsTheSameWithItsRing() {
        Map<UUID, CompiledUpstream> before = compile(upstream(CHANGED, 1000), target(CHANGED, "a:80"));
        assertThat(ring(before, LEFT_ALONE)).isNotNull();

        Map<UUID, CompiledUpstream> after = compile(upstream(CHANGED, 2000), target(CHANGED, "a:80"));
        assertThat(after.get(LEFT_ALONE)).isSameAs(before.get(LEFT_ALONE));
        assertThat(ring(after, LEFT_ALONE)).isSameAs(ring(before, LEFT_ALONE));
        assertThat(ring(after, CHANGED)).isNotNull().isNotSameAs(ring(before, CHANGED));
    }

    @Test
    void anUpstreamWithOtherTargetsHasAnotherRing() {
        Map<UUID, CompiledUpstream> before = compile(upstream(CHANGED, 1000), target(CHANGED, "a:80"));

        Map<UUID, CompiledUpstream> after = compile(upstream(CHANGED, 1000), target(CHANGED, "b:80"));
        assertThat(ring(after, CHANGED)).isNotNull().isNotSameAs(ring(before, CHANGED));
        assertThat(ring(after, LEFT_ALONE)).isSameAs(ring(before, LEFT_ALONE));
    }

    private static HashRing ring(Map<UUID, CompiledUpstream> upstreams, UUID id) {
        return Objects.requireNonNull(Objects.requireNonNull(upstreams.get(id)).ring());
    }

    private Map<UUID, CompiledUpstream> compile(Entity... changed) {
        List<Entity> entities = List.of(changed[0], changed[1], upstream(LEFT_ALONE, 1000), target(LEFT_ALONE, "c:80"));
        Snapshot snapshot = Snapshot.of("default", new Revision(1, ++revision), entities);
        return compiler.compile(snapshot, null, SnapshotSource.CONTROL_PLANE).upstreams();
    }

    private static Entity upstream(UUID id, int slots) {
        return entity(EntityKinds.UPSTREAM, id, """
                {"id":"%s","created_at":"2026-01-01T00:00:00Z","name":"u%d.upstream","slots":%d,\
                "algorithm":"consistent-hashing","hash_on":"path"}""".formatted(id, id.getLeastSignificantBits(), slots));
    }

    private static Entity target(UUID upstream, String address) {
        UUID id = new UUID(2, upstream.getLeastSignificantBits());
        return entity(EntityKinds.TARGET, id, """
                {"id":"%s","upstream_id":"%s","created_at":"2026-01-01T00:00:00Z","target":"%s"}""".formatted(id, upstream, address));
    }

    private static Entity entity(String kind, UUID id, String json) {
        return Entity.of(kind, id, json.getBytes(StandardCharsets.UTF_8));
    }
}
