package dev.sluice.runtime;

import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.snapshot.SnapshotFormat;
import dev.sluice.model.wire.Report;
import dev.sluice.model.wire.Report.BootCounts;
import dev.sluice.model.wire.Report.CodeCount;
import dev.sluice.model.wire.Report.MinuteCounts;
import dev.sluice.model.wire.Report.RouteCounts;
import dev.sluice.model.wire.ReportAnswer;
import dev.sluice.model.wire.RuntimeApi;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A control plane as a runtime sees it: serves a snapshot, takes reports and keeps the greatest count it ever saw. Every
 * answer may be made to fail.
 */
public final class ControlPlaneDouble implements AutoCloseable {
    public static final String TOKEN = "a-token-for-tests";

    /** What becomes of a report. */
    public enum Reports {
        /** Taken and acknowledged. */
        TAKEN,
        /** Not taken: 503. */
        REFUSED,
        /** Taken, but the answer is lost. */
        UNACKNOWLEDGED
    }

    private final Vertx vertx = Vertx.vertx();
    private final List<Report> reports = new ArrayList<>();
    private final Map<Key, Long> greatest = new HashMap<>();
    private @Nullable HttpServer server;
    private int port;
    private byte @Nullable [] body;
    private @Nullable String etag;
    private Revision head = new Revision(1, 0);
    private Reports mode = Reports.TAKEN;
    private int fetches;
    private int fullAnswers;
    private long clockAheadMillis;

    /** One that listens, and serves nothing yet: its snapshot is answered with 503. */
    public static ControlPlaneDouble started() {
        ControlPlaneDouble started = new ControlPlaneDouble();
        started.listen();
        return started;
    }

    /** Takes up its port again. */
    public void listen() {
        server = vertx.createHttpServer(new HttpServerOptions().setCompressionSupported(true))
                .requestHandler(this::handle)
                .listen(port, "127.0.0.1")
                .await();
        port = server.actualPort();
    }

    /** Leaves its port, and cuts every connection. */
    public void goDown() {
        if (server != null) {
            server.close().await();
            server = null;
        }
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public void serve(Snapshot snapshot) {
        serve(SnapshotFormat.write(snapshot), snapshot.etag(), snapshot.revision());
    }

    /** Serves any bytes, under any name. */
    public synchronized void serve(byte[] bytes, String name, Revision at) {
        body = bytes;
        etag = name;
        head = at;
    }

    public synchronized void reports(Reports next) {
        mode = next;
    }

    public synchronized void clockAhead(long millis) {
        clockAheadMillis = millis;
    }

    public synchronized List<Report> reports() {
        return List.copyOf(reports);
    }

    /** The last report; fails where there is none. */
    public synchronized Report lastReport() {
        if (reports.isEmpty()) {
            throw new AssertionError("No report yet");
        }
        return reports.get(reports.size() - 1);
    }

    /** Sum over everything: what the control plane would show as the number of requests. */
    public synchronized long total() {
        return greatest.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Requests by status code. */
    public synchronized long total(int code) {
        return greatest.entrySet().stream()
                .filter(entry -> entry.getKey().code == code)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** The latest minute that was counted for. */
    public synchronized long latestMinute() {
        return greatest.keySet().stream().mapToLong(Key::minute).max().orElse(-1);
    }

    /** The first minute that was counted for. */
    public synchronized long earliestMinute() {
        return greatest.keySet().stream().mapToLong(Key::minute).min().orElse(-1);
    }

    public synchronized int fetches() {
        return fetches;
    }

    /** How many fetches were answered with a whole snapshot. */
    public synchronized int fullAnswers() {
        return fullAnswers;
    }

    @Override
    public void close() {
        vertx.close().await();
    }

    private synchronized void handle(HttpServerRequest request) {
        if (!("Bearer " + TOKEN).equals(request.getHeader("Authorization"))) {
            request.response().setStatusCode(401).end("{\"title\": \"No valid token\"}");
        } else if (request.path().equals(RuntimeApi.SNAPSHOT_PATH)) {
            snapshot(request);
        } else if (request.path().equals(RuntimeApi.REPORT_PATH)) {
            String encoding = request.getHeader("Content-Encoding");
            request.body().onSuccess(bytes -> report(request, bytes, encoding));
        } else {
            request.response().setStatusCode(404).end();
        }
    }

    private void snapshot(HttpServerRequest request) {
        fetches++;
        if (body == null) {
            request.response().setStatusCode(503).end();
        } else if (request.getHeader("If-None-Match") != null
                && request.getHeader("If-None-Match").equals(etag)) {
            request.response().setStatusCode(304).end();
        } else {
            fullAnswers++;
            request.response()
                    .putHeader("ETag", etag)
                    .putHeader("Content-Type", "text/plain") // which the server compresses
                    .end(Buffer.buffer(body));
        }
    }

    private synchronized void report(HttpServerRequest request, Buffer bytes, @Nullable String encoding) {
        if (mode == Reports.REFUSED) {
            request.response().setStatusCode(503).end();
            return;
        }
        Report report = WireJson.read(Report.class, plain(bytes, encoding));
        reports.add(report);
        for (BootCounts boot : report.counts()) {
            for (MinuteCounts minute : boot.minutes()) {
                minute.routes().forEach(row -> take(boot.boot(), minute.minute(), row));
            }
        }
        if (mode == Reports.UNACKNOWLEDGED) {
            request.connection().close();
            return;
        }
        long now = System.currentTimeMillis() + clockAheadMillis;
        request.response().end(Buffer.buffer(WireJson.bytes(new ReportAnswer(now, head.epoch(), head.number(), null))));
    }

    private void take(UUID boot, long minute, RouteCounts row) {
        for (CodeCount code : row.codes()) {
            greatest.merge(new Key(boot, minute, row.route(), code.code()), code.count(), Math::max);
        }
    }

    private static byte[] plain(Buffer bytes, @Nullable String encoding) {
        if (encoding == null) {
            return bytes.getBytes();
        }
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes.getBytes()))) {
            return gzip.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("Not gzip", e);
        }
    }

    private record Key(UUID boot, long minute, @Nullable UUID route, int code) {}
}
