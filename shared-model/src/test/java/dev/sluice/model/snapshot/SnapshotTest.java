package dev.sluice.model.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {
    private static final Revision FIRST = new Revision(1, 1);
    private static final Entity LOW = entity("route", new UUID(0, 1), "{\"a\":1}");
    private static final Entity HIGH = entity("route", new UUID(-1, 1), "{\"a\":2}");
    private static final Entity OTHER = entity("implementation", new UUID(-1, 9), "{}");

    @Test
    void entitiesStandInTheOrderOfKindAndThenTheIdsText() {
        assertThat(Snapshot.of("g", FIRST, List.of(HIGH, LOW, OTHER)).entities())
                .containsExactly(OTHER, LOW, HIGH);
    }

    @Test
    void theDigestDependsOnNothingButTheEntities() {
        Snapshot one = Snapshot.of("g", FIRST, List.of(LOW, HIGH));

        assertThat(Snapshot.of("h", FIRST.next(), List.of(HIGH, LOW)).digest()).isEqualTo(one.digest());
        assertThat(Snapshot.of("g", FIRST, List.of(LOW)).digest()).isNotEqualTo(one.digest());
        assertThat(Snapshot.of("g", FIRST, List.of(LOW, entity("route", HIGH.id(), "{\"a\":3}")))
                        .digest())
                .isNotEqualTo(one.digest());
        assertThat(Snapshot.of("g", FIRST, List.of(LOW, entity("router", HIGH.id(), "{\"a\":2}")))
                        .digest())
                .isNotEqualTo(one.digest());
    }

    @Test
    void theDigestIsSha256OverALineForEachEntity() {
        String line = "implementation " + OTHER.id() + " " + Digest.of("{}".getBytes(StandardCharsets.UTF_8)) + "\n";

        assertThat(Snapshot.of("g", FIRST, List.of(OTHER)).digest())
                .isEqualTo(Digest.of(line.getBytes(StandardCharsets.UTF_8)));
        assertThat(Snapshot.empty("g").digest().hex())
                .as("SHA-256 of nothing")
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void aKeyStandsOnce() {
        assertThatThrownBy(() -> Snapshot.of("g", FIRST, List.of(LOW, entity("route", LOW.id(), "{}"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLaterRevisionPutsReplacesAndRemoves() {
        Entity changed = entity("route", LOW.id(), "{\"a\":9}");

        Snapshot later = Snapshot.of("g", FIRST, List.of(LOW, HIGH))
                .with(
                        FIRST.next(),
                        List.of(changed, OTHER),
                        List.of(HIGH.key(), new EntityKey("route", new UUID(5, 5))));

        assertThat(later.entities()).containsExactly(OTHER, changed);
        assertThat(later.revision()).isEqualTo(new Revision(1, 2));
        assertThat(later.digest())
                .isEqualTo(Snapshot.of("g", FIRST, List.of(changed, OTHER)).digest());
    }

    @Test
    void entitiesAreFoundByKey() {
        Snapshot snapshot = Snapshot.of("g", FIRST, List.of(LOW, HIGH, OTHER));

        assertThat(snapshot.find(LOW.key())).isSameAs(LOW);
        assertThat(snapshot.find(HIGH.key())).isSameAs(HIGH);
        assertThat(snapshot.find(OTHER.key())).isSameAs(OTHER);
        assertThat(snapshot.find(new EntityKey("route", OTHER.id()))).isNull();
        assertThat(Snapshot.empty("g").find(LOW.key())).isNull();
    }

    @Test
    void theEtagTellsEpochRevisionAndContentApart() {
        String etag = Snapshot.of("g", FIRST, List.of(LOW)).etag();

        assertThat(etag).matches("\"1\\.1-[0-9a-f]{32}\"");
        assertThat(Snapshot.of("g", new Revision(2, 1), List.of(LOW)).etag()).isNotEqualTo(etag);
        assertThat(Snapshot.of("g", FIRST.next(), List.of(LOW)).etag()).isNotEqualTo(etag);
        assertThat(Snapshot.of("g", FIRST, List.of(HIGH)).etag()).isNotEqualTo(etag);
    }

    @Test
    void revisionsAreOrderedByEpochAndThenByNumber() {
        assertThat(new Revision(2, 0).isAfter(new Revision(1, 99))).isTrue();
        assertThat(new Revision(1, 2).isAfter(new Revision(1, 1))).isTrue();
        assertThat(FIRST.isAfter(FIRST)).isFalse();
        assertThatThrownBy(() -> new Revision(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Revision(1, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Route", "a b", "a\nb", "route1", "kindkindkindkindkindkindkindkindkindkindk"})
    void aKindIsAShortLowerCaseWord(String kind) {
        assertThatThrownBy(() -> new EntityKey(kind, LOW.id())).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\n}", "{\r}"})
    void entityBytesAreOneLine(String json) {
        assertThatThrownBy(() -> entity("route", LOW.id(), json)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Entity entity(String kind, UUID id, String json) {
        return Entity.of(kind, id, json.getBytes(StandardCharsets.UTF_8));
    }
}
