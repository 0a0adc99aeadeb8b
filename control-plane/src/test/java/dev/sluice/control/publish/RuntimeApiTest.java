package dev.sluice.control.publish;

import static dev.sluice.control.publish.FleetHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.enrolment.JoinedRuntime;
import dev.sluice.control.fleet.Head;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.snapshot.SnapshotFormat;
import dev.sluice.model.wire.Report;
import dev.sluice.model.wire.Report.CodeCount;
import dev.sluice.model.wire.Report.RouteCounts;
import dev.sluice.model.wire.RuntimeApi;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@SuppressWarnings("NullAway.Init") // BeforeAll sets them
class RuntimeApiTest {
    @RegisterExtension
    static final FleetHarness plane = new FleetHarness();

    private static final UUID RUNTIME = UUID.randomUUID();
    private static Head group;

    @BeforeAll
    static void group() {
        group = plane.group("edge");
    }

    private static HttpRequest<Buffer> snapshot() {
        return snapshot(RUNTIME, group);
    }

    private static HttpRequest<Buffer> snapshot(UUID runtime, Head group) {
        return plane.joined(runtime, group.groupId())
                .web()
                .get(plane.runtimeApiPort(), "127.0.0.1", RuntimeApi.SNAPSHOT_PATH);
    }

    private static HttpResponse<Buffer> report(Buffer body, @Nullable String encoding) {
        HttpRequest<Buffer> request = plane.joined(RUNTIME, group.groupId())
                .web()
                .post(plane.runtimeApiPort(), "127.0.0.1", RuntimeApi.REPORT_PATH);
        if (encoding != null) {
            request.putHeader("Content-Encoding", encoding);
        }
        return await(request.sendBuffer(body));
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    @Test
    void aSnapshotComesWholeWithItsNameAndRevision() {
        HttpResponse<Buffer> response = await(snapshot().send());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.getHeader("Content-Type")).isEqualTo(SnapshotFormat.MEDIA_TYPE);
        assertThat(response.getHeader("Content-Encoding")).isNull();
        Snapshot read = SnapshotFormat.read(response.body().getBytes());
        assertThat(read.group()).isEqualTo("edge");
        assertThat(response.getHeader("ETag")).isEqualTo(read.etag());
        assertThat(response.getHeader("Sluice-Epoch")).isEqualTo("1");
        assertThat(response.getHeader("Sluice-Revision")).isEqualTo("0");
    }

    @Test
    void aSnapshotIsCompressedForWhoTakesIt() throws IOException {
        HttpResponse<Buffer> response =
                await(snapshot().putHeader("Accept-Encoding", "br, gzip;q=0.8").send());

        assertThat(response.getHeader("Content-Encoding")).isEqualTo("gzip");
        byte[] plain =
                new GZIPInputStream(new ByteArrayInputStream(response.body().getBytes())).readAllBytes();
        assertThat(SnapshotFormat.read(plain).group()).isEqualTo("edge");
    }

    @Test
    void gzipRefusedByQualityIsNotSent() {
        HttpResponse<Buffer> response =
                await(snapshot().putHeader("Accept-Encoding", "gzip;q=0").send());

        assertThat(response.getHeader("Content-Encoding")).isNull();
    }

    @Test
    void theOneAtHandIsNotSentAgain() {
        String etag = await(snapshot().send()).getHeader("ETag");

        HttpResponse<Buffer> same = await(
                snapshot().putHeader("If-None-Match", "\"1.7-other\", " + etag).send());
        HttpResponse<Buffer> other =
                await(snapshot().putHeader("If-None-Match", "\"1.7-other\"").send());

        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isNull();
        assertThat(same.getHeader("ETag")).isEqualTo(etag);
        assertThat(other.statusCode()).isEqualTo(200);
    }

    @Test
    void aGroupThatIsDeletedTakesItsRuntimesAlong() {
        Head doomed = plane.group("doomed");
        UUID runtime = UUID.randomUUID();
        assertThat(await(snapshot(runtime, doomed).send()).statusCode()).isEqualTo(200);

        plane.sql("DELETE FROM runtime_group WHERE id = $1", doomed.groupId());

        HttpResponse<Buffer> response = await(snapshot(runtime, doomed).send());
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.getHeader("Content-Type")).isEqualTo("application/problem+json");
        assertThat(response.bodyAsString()).contains("not known here");
    }

    @Test
    void withoutACertificateNobodyGetsAnything() {
        WebClient stranger = JoinedRuntime.stranger(
                plane.vertx(), plane.trust().authorities().api().pem());
        HttpResponse<Buffer> response =
                await(stranger.get(plane.runtimeApiPort(), "127.0.0.1", RuntimeApi.SNAPSHOT_PATH)
                        .send());

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.getHeader("WWW-Authenticate")).isEqualTo("Certificate");
        assertThat(response.getHeader("Content-Type")).isEqualTo("application/problem+json");
        assertThat(await(stranger.post(plane.runtimeApiPort(), "127.0.0.1", RuntimeApi.REPORT_PATH)
                                .sendBuffer(Buffer.buffer(new byte[3 * 1024 * 1024])))
                        .statusCode())
                .as("refused before it is read")
                .isEqualTo(401);
    }

    @Test
    void aReportIsTakenCompressedToo() {
        ReportingRuntime runtime = new ReportingRuntime("zipped", group);
        byte[] body = gzip(WireJson.bytes(runtime.report(ReportingRuntime.route(null, 404, 3))));

        HttpResponse<Buffer> response = await(plane.joined(runtime.id(), group.groupId())
                .web()
                .post(plane.runtimeApiPort(), "127.0.0.1", RuntimeApi.REPORT_PATH)
                .putHeader("Content-Encoding", "gzip")
                .sendBuffer(Buffer.buffer(body)));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(plane.number("SELECT sum(n) FROM status_minute WHERE runtime_id = $1", runtime.id()))
                .isEqualTo(3);
    }

    @Test
    void aReportMayNotBeTooLargeNorBecomeSo() {
        assertThat(report(Buffer.buffer(new byte[RuntimeApi.MAX_REPORT_BYTES + 1]), null)
                        .statusCode())
                .isEqualTo(413);
        assertThat(report(Buffer.buffer(gzip(new byte[50 * 1024 * 1024])), "gzip")
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void whatIsNoReportIsRefusedAsTheCallersFault() {
        assertThat(report(Buffer.buffer("no gzip"), "gzip").statusCode()).isEqualTo(400);
        assertThat(report(Buffer.buffer("{}"), "br").statusCode()).isEqualTo(415);
        for (String body : new String[] {
            "",
            "null",
            "[]",
            "{",
            "7",
            "{\"counts\":null}",
            "{\"counts\":[null]}",
            "{\"counts\":[{\"boot\":1,\"minutes\":\"x\"}]}",
            "{\"sequence\":1e308,\"counts\":[]}",
            "{\"sequence\":\"x\",\"counts\":[]}",
            "[".repeat(100_000),
            "{\"runtime\":".repeat(5000),
            "\u0000\u0001\ufffd"
        }) {
            HttpResponse<Buffer> response = report(Buffer.buffer(body), null);
            assertThat(response.statusCode())
                    .as(body.substring(0, Math.min(60, body.length())))
                    .isEqualTo(400);
            assertThat(response.getHeader("Content-Type")).isEqualTo("application/problem+json");
        }
    }

    @Test
    void allThatIsWrongWithAReportIsListed() {
        ReportingRuntime runtime = new ReportingRuntime(RUNTIME, "liar", group);
        Report wrong = runtime.report(0, runtime.minute(5, new RouteCounts(null, List.of(new CodeCount(99, -1)), "!")));

        HttpResponse<Buffer> response = report(Buffer.buffer(WireJson.bytes(wrong)), null);

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(ConfigJson.object(response.body().getBytes()).path("errors"))
                .extracting(error -> error.path("field").asText())
                .containsExactlyInAnyOrder("sequence", "counts[0].minutes[0].routes[0].codes[0].count");
    }

    private static void assertThatOnlyTheGoodRowsCount(ReportingRuntime runtime, Report report) {
        double before = passedOver();

        plane.taken(report);

        assertThat(plane.number("SELECT sum(n) FROM status_minute WHERE runtime_id = $1", runtime.id()))
                .isEqualTo(7);
        assertThat(plane.number("SELECT sum(n) FROM status_hour WHERE runtime_id = $1", runtime.id()))
                .isEqualTo(7);
        assertThat(passedOver() - before).isEqualTo(1);
        assertThat(plane.json("/v1/runtime-groups/edge/runtimes").path("data"))
                .filteredOn(item -> item.path("id").asText().equals(runtime.id().toString()))
                .extracting(item -> item.path("state").asText())
                .containsExactly("live");
    }

    private static double passedOver() {
        return plane.meters()
                .scrape()
                .lines()
                .filter(line -> line.startsWith("sluice_reported_unknown_rows_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void aCodeThatIsNoneCostsItsOwnRowAndNotTheReport() {
        ReportingRuntime runtime = new ReportingRuntime("odd-code", group);

        assertThatOnlyTheGoodRowsCount(
                runtime,
                runtime.report(new RouteCounts(null, List.of(new CodeCount(200, 7), new CodeCount(999, 5)), null)));
    }

    @Test
    void aMinuteTwoDaysAheadCostsItsOwnRowsAndNotTheReport() {
        ReportingRuntime runtime = new ReportingRuntime("odd-minute", group);
        long now = ReportingRuntime.thisMinute();

        assertThatOnlyTheGoodRowsCount(
                runtime,
                runtime.report(
                        runtime.minute(now, ReportingRuntime.route(null, 200, 7)),
                        runtime.minute(now + 2 * 1440, ReportingRuntime.route(null, 200, 5))));
    }

    @Test
    void otherPathsAndMethodsAreProblems() {
        assertThat(await(snapshot().uri("/else").send()).statusCode()).isEqualTo(404);
        assertThat(await(snapshot().method(HttpMethod.DELETE).send()).statusCode())
                .isEqualTo(405);
    }

    @Test
    void theLastSnapshotIsServedWhileTheDatabaseIsAway() {
        AtomicReference<Future<Snapshot>> head = new AtomicReference<>(Future.succeededFuture(Snapshot.empty("edge")));
        RuntimeApiServer server = plane.anotherServer(plane.postgres().settings(), name -> head.get());
        int port = await(server.listen()).port();

        String before = await(snapshot().port(port).send()).getHeader("ETag");
        head.set(Future.failedFuture("gone"));
        HttpResponse<Buffer> during = await(snapshot().port(port).send());
        HttpResponse<Buffer> never = await(
                snapshot(UUID.randomUUID(), plane.group("unseen")).port(port).send());
        head.set(Future.succeededFuture(Snapshot.of("edge", new Revision(1, 1), List.of())));
        HttpResponse<Buffer> after = await(snapshot().port(port).send());

        assertThat(during.statusCode()).isEqualTo(200);
        assertThat(during.getHeader("ETag")).isEqualTo(before);
        assertThat(never.statusCode()).isEqualTo(503);
        assertThat(never.getHeader("Retry-After")).isEqualTo("1");
        assertThat(after.getHeader("Sluice-Revision")).isEqualTo("1");
        await(server.close());
    }

    @Test
    void aHeadThatIsNotToldInTimeIsServedFromMemory() {
        AtomicReference<Future<Snapshot>> head = new AtomicReference<>(Future.succeededFuture(Snapshot.empty("edge")));
        RuntimeApiServer server = plane.anotherServer(plane.postgres().settings(), name -> head.get());
        int port = await(server.listen()).port();
        await(snapshot().port(port).send());

        head.set(Promise.<Snapshot>promise().future());

        assertThat(await(snapshot().port(port).send()).statusCode()).isEqualTo(200);
        await(server.close());
    }
}
