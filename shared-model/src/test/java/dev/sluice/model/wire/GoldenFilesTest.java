package dev.sluice.model.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.wire.Report.BootCounts;
import dev.sluice.model.wire.Report.CodeCount;
import dev.sluice.model.wire.Report.MinuteCounts;
import dev.sluice.model.wire.Report.Refusal;
import dev.sluice.model.wire.Report.RouteCounts;
import dev.sluice.model.wire.Report.RuntimeIdentity;
import dev.sluice.model.wire.Report.RuntimeState;
import dev.sluice.model.wire.Report.TargetState;
import dev.sluice.model.wire.Trust.ContentKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The form of all that crosses from one process to another: a change here is a change of the protocol. */
class GoldenFilesTest {
    private static final UUID RUNTIME = UUID.fromString("0b8a6e6e-4c1a-4f5e-9a53-0a1d6c2f7e10");
    private static final UUID BOOT = UUID.fromString("5f0c8a50-8b5d-4f0e-8f2a-3f5f3a0f9c11");
    private static final UUID EARLIER_BOOT = UUID.fromString("1d2f7c55-9a0b-4b7e-a1de-6a2b5c9d8e12");
    private static final UUID ROUTE = UUID.fromString("c7b9f1de-27a4-4d0c-8a7f-2b6d1e5a9f13");

    private static final UUID TARGET = UUID.fromString("3a1e5b0c-7f42-4c0e-9d68-5b8f0c2d7a14");

    private static final Report REPORT = new Report(
            new RuntimeIdentity(RUNTIME, "edge-1", "default", "edge-1.example.com", "0.1.0", BOOT, 1_767_225_600_000L),
            42,
            new RuntimeState(
                    1,
                    17,
                    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                    "control_plane",
                    true,
                    false,
                    new Refusal(1, 18, "routes[mockbin].paths[0]: Not a regular expression", 1_767_225_660_000L),
                    123_456_789,
                    536_870_912,
                    true,
                    List.of(new TargetState(TARGET, "unhealthy"))),
            List.of(
                    new BootCounts(
                            EARLIER_BOOT,
                            List.of(new MinuteCounts(
                                    29_453_759, List.of(new RouteCounts(null, List.of(new CodeCount(404, 3)), null))))),
                    new BootCounts(
                            BOOT,
                            List.of(new MinuteCounts(
                                    29_453_760,
                                    List.of(new RouteCounts(
                                            ROUTE,
                                            List.of(new CodeCount(200, 1_000), new CodeCount(499, 1)),
                                            "HISTFAAAAB4=")))))));

    private static final String CERTIFICATE_REQUEST =
            "-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n";

    private static final Trust TRUST = new Trust(
            "7d1c9a",
            ROUTE,
            "default",
            List.of("ca\n"),
            List.of("bus ca\n"),
            List.of("00ff"),
            List.of(new ContentKey("00112233445566aa", "a2V5")),
            List.of("https://cp-1:8005"),
            List.of("cp-1:5701"));

    static Stream<Arguments> messages() {
        return Stream.of(
                golden("revision-announced", new RevisionAnnounced("default", 1, 17)),
                golden("report", REPORT),
                golden("report-answer", new ReportAnswer(1_767_225_660_123L, 1, 18, "7d1c9a")),
                golden(
                        "enrolment-request",
                        new EnrolmentRequest(
                                "sluice-join.0123456789abcdef.secret.ca", RUNTIME, "edge-1", CERTIFICATE_REQUEST)),
                golden("renewal-request", new RenewalRequest(CERTIFICATE_REQUEST)),
                golden("trust", TRUST),
                golden("enrolment", new Enrolment(RUNTIME, "api\n", "bus\n", TRUST)));
    }

    private static Arguments golden(String file, Record message) {
        return Arguments.of(file, Named.of(message.getClass().getSimpleName(), message));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("messages")
    void writingGivesTheGoldenBytes(String file, Record message) throws IOException {
        assertThat(new String(WireJson.bytes(message), StandardCharsets.UTF_8)).isEqualTo(read(file));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("messages")
    void readingTheGoldenBytesGivesTheMessage(String file, Record message) throws IOException {
        assertThat(WireJson.read(message.getClass(), bytes(read(file)))).isEqualTo(message);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("messages")
    void fieldsOfALaterReleaseArePassedOverAtEveryDepth(String file, Record message) throws IOException {
        String later = read(file).replace("{", "{\"later\":{\"a\":[1]},");

        assertThat(WireJson.read(message.getClass(), bytes(later))).isEqualTo(message);
    }

    @Test
    void aReportOfAReleaseThatKnewNoTargetsIsRead() throws IOException {
        Report read = WireJson.read(Report.class, bytes(read("report-0.1")));

        assertThat(read.state().targets()).isNull();
        assertThat(read.counts()).isEqualTo(REPORT.counts());
    }

    @Test
    void anAnswerOfAReleaseThatKnewNoTrustIsRead() throws IOException {
        assertThat(WireJson.read(ReportAnswer.class, bytes(read("report-answer-0.1"))))
                .isEqualTo(new ReportAnswer(1_767_225_660_123L, 1, 18, null));
    }

    @Test
    void secretsAreNotShownByMistake() {
        assertThat(TRUST.toString()).doesNotContain("a2V5");
        assertThat(new EnrolmentRequest("the-secret", RUNTIME, "edge-1", "").toString())
                .doesNotContain("the-secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{\"runtime\":null}",
                "{\"sequence\":\"x\\ny\"}",
                "{\"sequence\":99999999999999999999}",
                "\u0000",
            })
    void whatIsNoReportIsRefusedInOneLine(String text) {
        assertThatThrownBy(() -> WireJson.read(Report.class, bytes(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .startsWith("Not a Report: ")
                .doesNotContain("\n")
                .hasSizeLessThan(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "name", "group", "boot"})
    void aReportWithoutIdentityIsRefused(String field) throws IOException {
        String without = read("report").replaceFirst("\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":null");

        assertThatThrownBy(() -> WireJson.read(Report.class, bytes(without)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(" is required");
    }

    @Test
    void anAnnouncementNamesItsRevision() {
        assertThat(new RevisionAnnounced("default", 2, 3).at()).isEqualTo(new Revision(2, 3));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String read(String file) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(GoldenFilesTest.class.getResourceAsStream("/golden/" + file + ".json"), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
