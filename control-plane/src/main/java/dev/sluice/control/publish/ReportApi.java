package dev.sluice.control.publish;

import dev.sluice.control.enrolment.RefusedRuntimeException;
import dev.sluice.control.enrolment.RuntimeCaller;
import dev.sluice.control.failure.ToldOnce;
import dev.sluice.control.publish.ReportRules.Verdict;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST report}: reads, judges and takes in. */
final class ReportApi {
    private static final Logger log = LoggerFactory.getLogger(ReportApi.class);

    private final Vertx vertx;
    private final ReportIngest ingest;
    private final ToldOnce told = new ToldOnce();

    ReportApi(Vertx vertx, ReportIngest ingest) {
        this.vertx = vertx;
        this.ingest = ingest;
    }

    /** @param passedOver number of rows that cannot be recorded */
    private record Sound(Report report, CountRows rows, int passedOver) {}

    Future<Void> handle(RoutingContext web, RuntimeCaller caller) {
        Buffer body = web.body().buffer() == null ? Buffer.buffer() : web.body().buffer();
        String encoding = web.request().getHeader("Content-Encoding");
        return vertx.executeBlocking(() -> read(body, encoding, caller), false)
                .compose(sound -> ofCallersGroup(sound, caller))
                .compose(sound -> ingest.take(caller, sound.report, sound.rows, sound.passedOver))
                .compose(answer -> web.response()
                        .putHeader("Content-Type", "application/json")
                        .end(Buffer.buffer(WireJson.bytes(answer))));
    }

    private Sound read(Buffer body, @Nullable String encoding, RuntimeCaller caller) {
        Report report;
        try {
            report = WireJson.read(Report.class, ReportBody.decompressed(body, encoding));
        } catch (IllegalArgumentException e) {
            throw new ReportBody.Unreadable(400, ReportRules.line(String.valueOf(e.getMessage()), 500));
        }
        if (!report.runtime().id().equals(caller.id())) {
            throw new RefusedRuntimeException(403, "The report is of another runtime than the certificate.");
        }
        Verdict verdict = ReportRules.judge(report, Instant.now());
        if (!verdict.violations().isEmpty()) {
            throw new InvalidConfigurationException(verdict.violations());
        }
        note(verdict, caller);
        return new Sound(report, CountRows.of(verdict.counts()), verdict.passedOver());
    }

    /** A group that was renamed is still called by its old name for a moment; the name of another group is a lie. */
    private Future<Sound> ofCallersGroup(Sound sound, RuntimeCaller caller) {
        String group = sound.report.runtime().group();
        return group.equals(caller.group())
                ? Future.succeededFuture(sound)
                : ingest.isGroup(group).map(another -> {
                    if (another) {
                        throw new RefusedRuntimeException(
                                403, "The report is for another runtime group than the certificate.");
                    }
                    return sound;
                });
    }

    private void note(Verdict verdict, RuntimeCaller caller) {
        Violation first = verdict.firstPassedOver();
        if (first != null && told.isNew(caller.id().toString())) {
            log.warn(
                    "Passed over {} rows of counts that runtime {} reported (told once): {} {}",
                    verdict.passedOver(),
                    caller.id(),
                    first.field(),
                    first.message());
        }
    }
}
