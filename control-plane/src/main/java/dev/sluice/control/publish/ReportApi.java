package dev.sluice.control.publish;

import dev.sluice.control.status.CountRows;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.wire.Report;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code POST report}: reads, judges and takes in. */
final class ReportApi {
    private final Vertx vertx;
    private final ReportIngest ingest;

    ReportApi(Vertx vertx, ReportIngest ingest) {
        this.vertx = vertx;
        this.ingest = ingest;
    }

    private record Sound(Report report, CountRows rows) {}

    Future<Void> handle(RoutingContext web, RuntimeCaller caller) {
        Buffer body = web.body().buffer() == null ? Buffer.buffer() : web.body().buffer();
        String encoding = web.request().getHeader("Content-Encoding");
        return vertx.executeBlocking(() -> read(body, encoding, caller), false)
                .compose(sound -> ingest.take(sound.report, sound.rows))
                .compose(answer -> web.response()
                        .putHeader("Content-Type", "application/json")
                        .end(Buffer.buffer(WireJson.bytes(answer))));
    }

    private static Sound read(Buffer body, @Nullable String encoding, RuntimeCaller caller) {
        Report report;
        try {
            report = WireJson.read(Report.class, ReportBody.decompressed(body, encoding));
        } catch (IllegalArgumentException e) {
            throw new ReportBody.Unreadable(400, ReportRules.line(String.valueOf(e.getMessage()), 500));
        }
        List<Violation> violations = ReportRules.check(report, caller, Instant.now());
        if (!violations.isEmpty()) {
            throw new InvalidConfigurationException(violations);
        }
        return new Sound(report, CountRows.of(report.counts()));
    }
}
