package dev.sluice.control.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.publish.ReportRules.Verdict;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.wire.Report;
import dev.sluice.model.wire.Report.BootCounts;
import dev.sluice.model.wire.Report.MinuteCounts;
import dev.sluice.model.wire.Report.RouteCounts;
import dev.sluice.model.wire.WireJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReportRulesTest {
    private static final Head GROUP = new Head(UUID.randomUUID(), "default", new Revision(1, 3));
    private static final ReportingRuntime RUNTIME = new ReportingRuntime("r1", GROUP);
    private static final Instant NOW = Instant.ofEpochSecond(ReportingRuntime.thisMinute() * 60 + 30);

    private static ObjectNode sound() {
        Report report = RUNTIME.refusing(GROUP, "a reason")
                .report(ReportingRuntime.timed(UUID.randomUUID(), 200, 3, 1500), ReportingRuntime.route(null, 404, 1));
        return ConfigJson.object(WireJson.bytes(report));
    }

    private static Verdict judge(ObjectNode report) {
        Report read = WireJson.read(Report.class, report.toString().getBytes(StandardCharsets.UTF_8));
        return ReportRules.judge(read, NOW);
    }

    private static List<Violation> check(ObjectNode report) {
        return judge(report).violations();
    }

    @Test
    void whatARuntimeSendsIsSound() {
        ObjectNode report = sound();
        Verdict verdict = judge(report);

        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.passedOver()).isZero();
        assertThat(verdict.counts())
                .isEqualTo(WireJson.read(Report.class, report.toString().getBytes(StandardCharsets.UTF_8))
                        .counts());
    }

    @Test
    void aRuntimeThatServesNothingYetHasNoDigest() {
        ObjectNode report = sound();
        report.withObject("/state")
                .put("source", "none")
                .put("digest", "")
                .put("revision", 0)
                .put("epoch", 0);

        assertThat(check(report)).isEmpty();
    }

    private static String targets(int number, String state) {
        return IntStream.range(0, number)
                .mapToObj(i -> "{\"target\":\"" + new UUID(7, i) + "\",\"state\":\"" + state + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("/runtime/group", "\"\"", "runtime.group"),
                Arguments.of("/state/targets", targets(Report.MAX_TARGETS + 1, "unhealthy"), "state.targets"),
                Arguments.of("/state/targets", targets(1, "<script>"), "state.targets[0].state"),
                Arguments.of("/state/targets", targets(1, ""), "state.targets[0].state"),
                Arguments.of("/runtime/name", "\"\"", "runtime.name"),
                Arguments.of("/runtime/name", "\"" + "x".repeat(256) + "\"", "runtime.name"),
                Arguments.of("/runtime/name", "\"a\\u0000b\"", "runtime.name"),
                Arguments.of("/runtime/name", "\"a\\nb\"", "runtime.name"),
                Arguments.of("/runtime/name", "\"a\\u202eb\"", "runtime.name"),
                Arguments.of("/runtime/version", "\"\\u001b[31m\"", "runtime.version"),
                Arguments.of("/runtime/boot", "\"00000000-0000-0000-0000-000000000000\"", "runtime.boot"),
                Arguments.of("/runtime/started_at", "-1", "runtime.started_at"),
                Arguments.of("/runtime/started_at", Long.toString(Long.MAX_VALUE), "runtime.started_at"),
                Arguments.of("/sequence", "0", "sequence"),
                Arguments.of("/state/epoch", "-1", "state.epoch"),
                Arguments.of("/state/revision", "-1", "state.revision"),
                Arguments.of("/state/digest", "\"ABC\"", "state.digest"),
                Arguments.of("/state/digest", "\"\"", "state.digest"),
                Arguments.of("/state/source", "\"'; DROP TABLE runtime; --\"", "state.source"),
                Arguments.of("/state/memory_used", "-5", "state.memory_used"),
                Arguments.of("/state/refusal/at", Long.toString(Long.MIN_VALUE), "state.refusal.at"),
                Arguments.of(
                        "/counts/0/minutes/0/routes/0/route",
                        "\"00000000-0000-0000-0000-000000000000\"",
                        "counts[0].minutes[0].routes[0].route"),
                Arguments.of(
                        "/counts/0/minutes/0/routes/0/codes/0/count",
                        "-1",
                        "counts[0].minutes[0].routes[0].codes[0].count"),
                Arguments.of(
                        "/counts/0/minutes/0/routes/0/codes/0/count",
                        "1000000000001",
                        "counts[0].minutes[0].routes[0].codes[0].count"),
                Arguments.of(
                        "/counts/0/minutes/0/routes/0/codes",
                        "[{\"code\":200,\"count\":1},{\"code\":200,\"count\":2}]",
                        "counts[0].minutes[0].routes[0].codes[1].code"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultIsNamedByItsField(String pointer, String value, String field) throws Exception {
        assertThat(check(with(pointer, value))).extracting(Violation::field).contains(field);
    }

    private static ObjectNode with(String pointer, String value) throws JsonProcessingException {
        ObjectNode report = sound();
        JsonNode wrong = ConfigJson.MAPPER.readTree(value);
        String parent = pointer.substring(0, pointer.lastIndexOf('/'));
        String name = pointer.substring(pointer.lastIndexOf('/') + 1);
        if (report.at(parent) instanceof ObjectNode object) {
            object.set(name, wrong);
        }
        return report;
    }

    /** What is wrong, how many rows are lost by it, and how many counts and latency records are left. */
    static Stream<Arguments> rowsThatCannotBeRecorded() {
        long minute = NOW.getEpochSecond() / 60;
        String minuteField = "/counts/0/minutes/0/minute";
        String row = "/counts/0/minutes/0/routes/0";
        return Stream.of(
                Arguments.of(minuteField, Long.toString(minute + 1442), 2, 0, 0),
                Arguments.of(minuteField, Long.toString(minute - 90 * 1440 - 2), 2, 0, 0),
                Arguments.of(minuteField, Long.toString(Long.MAX_VALUE), 2, 0, 0),
                Arguments.of(minuteField, Long.toString(Long.MIN_VALUE), 2, 0, 0),
                Arguments.of(row + "/codes/0/code", "99", 1, 1, 0),
                Arguments.of(row + "/codes/0/code", "600", 1, 1, 0),
                Arguments.of(row + "/codes", "[{\"code\":200,\"count\":1},{\"code\":999,\"count\":2}]", 1, 2, 1),
                Arguments.of(row + "/latency", "\"!\"", 1, 2, 0),
                Arguments.of(row + "/latency", "\"" + "A".repeat(100_000) + "\"", 1, 2, 0));
    }

    @ParameterizedTest
    @MethodSource("rowsThatCannotBeRecorded")
    void aRowThatCannotBeRecordedIsPassedOverAlone(
            String pointer, String value, int passedOver, int counts, int latencies) throws Exception {
        Verdict verdict = judge(with(pointer, value));

        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.passedOver()).isEqualTo(passedOver);
        assertThat(verdict.firstPassedOver()).isNotNull();
        List<RouteCounts> left = verdict.counts().stream()
                .flatMap(boot -> boot.minutes().stream())
                .flatMap(one -> one.routes().stream())
                .toList();
        assertThat(left).flatExtracting(RouteCounts::codes).hasSize(counts);
        assertThat(left).filteredOn(one -> one.latency() != null).hasSize(latencies);
    }

    @Test
    void aRowThatIsPassedOverMayStillBeAbsurd() throws Exception {
        ObjectNode report = with("/counts/0/minutes/0/minute", "1");
        report.withObject("/counts/0/minutes/0/routes/0/codes/0").put("count", -1);

        assertThat(check(report))
                .extracting(Violation::field)
                .containsExactly("counts[0].minutes[0].routes[0].codes[0].count");
    }

    @Test
    void aReportThatLacksAPartIsNone() {
        for (String pointer :
                List.of("/runtime", "/runtime/id", "/runtime/host", "/state", "/state/digest", "/counts")) {
            ObjectNode report = sound();
            String parent = pointer.substring(0, pointer.lastIndexOf('/'));
            ((ObjectNode) report.at(parent)).remove(pointer.substring(pointer.lastIndexOf('/') + 1));

            assertThatThrownBy(() -> check(report)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void rowsAndBootsAreBounded() {
        ObjectNode rows = sound();
        ArrayNode codes = rows.withArray("/counts/0/minutes/0/routes");
        for (int i = 0; i < 20_001; i++) {
            codes.addObject().put("route", UUID.randomUUID().toString()).putArray("codes");
        }
        ObjectNode boots = sound();
        for (int i = 0; i < 65; i++) {
            boots.withArray("/counts")
                    .addObject()
                    .put("boot", UUID.randomUUID().toString())
                    .putArray("minutes");
        }

        assertThat(check(rows)).extracting(Violation::field).containsExactly("counts");
        assertThat(check(boots)).extracting(Violation::field).containsExactly("counts");
    }

    @Test
    void noMoreThan50FaultsAreListed() {
        ObjectNode report = sound();
        ArrayNode routes = report.withArray("/counts/0/minutes/0/routes");
        for (int i = 0; i < 1000; i++) {
            routes.addObject().putArray("codes").addObject().put("code", 1).put("count", -1);
        }

        assertThat(check(report)).hasSize(50);
    }

    @Test
    void aReportWithAnyFaultIsUnreadableRefusedOrPassedOverInPartAndNeverMore() {
        Random random = new Random(11);
        byte[] sound = sound().toString().getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] faulty = sound.clone();
            for (int j = 0; j <= random.nextInt(3); j++) {
                faulty[random.nextInt(faulty.length)] = (byte) random.nextInt(128);
            }
            try {
                Report report = WireJson.read(Report.class, faulty);
                Verdict verdict = ReportRules.judge(report, NOW);
                assertThat(verdict.counts())
                        .flatExtracting(BootCounts::minutes)
                        .flatExtracting(MinuteCounts::routes)
                        .flatExtracting(RouteCounts::codes)
                        .allSatisfy(code -> assertThat(code.code()).isBetween(100, 599));
                refused += verdict.violations().isEmpty() && verdict.passedOver() == 0 ? 0 : 1;
            } catch (IllegalArgumentException unreadable) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1500);
    }
}
