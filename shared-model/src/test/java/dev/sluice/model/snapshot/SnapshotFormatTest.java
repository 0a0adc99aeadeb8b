package dev.sluice.model.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Route;
import dev.sluice.model.routing.RouteTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The golden snapshot holds an entity of a kind, and a route with a field, that this release does not know. */
class SnapshotFormatTest {
    @Test
    void writingWhatWasReadGivesTheSameBytes() throws IOException {
        byte[] golden = golden();

        assertThat(SnapshotFormat.write(SnapshotFormat.read(golden))).isEqualTo(golden);
    }

    @Test
    void theGoldenSnapshotIsReadWhole() throws IOException {
        Snapshot snapshot = SnapshotFormat.read(golden());

        assertThat(snapshot.group()).isEqualTo("default");
        assertThat(snapshot.revision()).isEqualTo(new Revision(1, 17));
        assertThat(snapshot.entities()).extracting(Entity::kind).containsExactly("implementation", "plugin", "route");
        assertThat(RouteTable.compile(snapshot).routeCount()).isEqualTo(1);
    }

    @Test
    void theGoldenRouteIsWhatThisReleaseWritesButForTheFieldThatItDoesNotKnow() throws IOException {
        byte[] bytes = SnapshotFormat.read(golden()).entities().get(2).bytes();
        Route route = ConfigJson.read(Route.class, bytes);

        assertThat(new String(ConfigJson.bytes(route), StandardCharsets.UTF_8))
                .isEqualTo(text(bytes).replace(",\"later_field\":{\"x\":1}", ""));
    }

    @Test
    void anEmptySnapshotTravelsToo() {
        Snapshot empty = Snapshot.empty("g");

        Snapshot read = SnapshotFormat.read(SnapshotFormat.write(empty));

        assertThat(read.entities()).isEmpty();
        assertThat(read.etag()).isEqualTo(empty.etag());
    }

    @Test
    void groupNamesOfAnyLettersSurvive() {
        Snapshot snapshot = Snapshot.of("größe \"1\"", new Revision(1, 1), List.of());

        assertThat(SnapshotFormat.read(SnapshotFormat.write(snapshot)).group()).isEqualTo("größe \"1\"");
    }

    @Test
    void everyCutIsNoticed() throws IOException {
        String golden = text(golden());

        for (int length = 0; length < golden.length(); length++) {
            String cut = golden.substring(0, length);
            assertThatThrownBy(() -> SnapshotFormat.read(bytes(cut)))
                    .as("the first %d characters", length)
                    .isInstanceOf(InvalidSnapshotException.class);
        }
    }

    @Test
    void everyChangedByteOfAnEntityIsNoticed() throws IOException {
        byte[] golden = golden();
        int entities = text(golden).indexOf('\n') + 1;

        for (int at = entities; at < golden.length; at++) {
            byte[] changed = golden.clone();
            changed[at] ^= 1;
            assertThatThrownBy(() -> SnapshotFormat.read(changed))
                    .as("byte %d", at)
                    .isInstanceOf(InvalidSnapshotException.class);
        }
    }

    @ParameterizedTest(name = "{0} becomes {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "sluice-snapshot/1 | sluice-snapshot/2 | reads sluice-snapshot/1",
                "\"entities\":3 | \"entities\":2 | declares 2 entities, 3 follow",
                "\"entities\":3 | \"entitie\":3 | declares -1",
                "\"digest\":\" | \"digest\":\"f | digest does not match",
                "\"revision\":17 | \"revision\":-1 | Not a revision",
                "\"revision\":17 | \"revision\":\"x\" | revision",
                "\"revision\":17 | \"revision\":1.5 | revision",
                "\"epoch\":1 | \"epoch\":0 | Not a revision",
                "\"group\":\"default\" | \"group\":7 | group",
                "\"group\":\"default\" | \"group\":\"\" | group",
                "{\"format\" | [\"format\" | not a snapshot header",
            })
    void aHeaderThatDoesNotHoldIsRefusedWithTheReason(String what, String other, String reason) throws IOException {
        String changed = text(golden()).replaceFirst(Pattern.quote(what), other);

        assertThatThrownBy(() -> SnapshotFormat.read(bytes(changed)))
                .isInstanceOf(InvalidSnapshotException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void entitiesOutOfOrderOrDoubledAreRefused() {
        Entity low = Entity.of("route", new UUID(0, 1), bytes("{}"));
        Entity high = Entity.of("route", new UUID(0, 2), bytes("{}"));
        String written = text(SnapshotFormat.write(Snapshot.of("g", new Revision(1, 1), List.of(low, high))));
        String[] lines = written.split("\n", -1);

        assertThatThrownBy(() -> SnapshotFormat.read(bytes(lines[0] + "\n" + lines[2] + "\n" + lines[1] + "\n")))
                .isInstanceOf(InvalidSnapshotException.class)
                .hasMessageContaining("out of order");
        assertThatThrownBy(() -> SnapshotFormat.read(bytes(lines[0] + "\n" + lines[1] + "\n" + lines[1] + "\n")))
                .isInstanceOf(InvalidSnapshotException.class)
                .hasMessageContaining("Twice");
    }

    @Test
    void anIdHasOneSpelling() {
        Snapshot snapshot =
                Snapshot.of("g", new Revision(1, 1), List.of(Entity.of("route", new UUID(0xab, 1), bytes("{}"))));
        String written = text(SnapshotFormat.write(snapshot));

        assertThatThrownBy(() -> SnapshotFormat.read(bytes(written.replace("-00ab-", "-00AB-"))))
                .isInstanceOf(InvalidSnapshotException.class);
        assertThatThrownBy(
                        () -> SnapshotFormat.read(bytes(written.replace(new UUID(0xab, 1).toString(), "0-0-ab-0-1"))))
                .isInstanceOf(InvalidSnapshotException.class);
    }

    private static byte[] golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                SnapshotFormatTest.class.getResourceAsStream("/golden/snapshot.txt"), "snapshot.txt")) {
            return in.readAllBytes();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
