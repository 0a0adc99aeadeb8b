package dev.sluice.runtime.sync;

import dev.sluice.model.wire.Enrolment;
import dev.sluice.model.wire.RenewalRequest;
import dev.sluice.model.wire.ReportAnswer;
import dev.sluice.model.wire.RuntimeApi;
import dev.sluice.model.wire.Trust;
import dev.sluice.model.wire.WireJson;
import dev.sluice.runtime.identity.ControlPlaneTls;
import dev.sluice.runtime.identity.Identity;
import dev.sluice.runtime.sync.Connections.Exchange;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to the control planes over mutual TLS: to the one that answered last, and after a failure to the next. Every
 * call fails until the runtime has an identity. For the control loop alone.
 */
final class ControlPlaneClient {
    static final int MOST_ANSWER_BYTES = 4 * 1024 * 1024;
    static final Duration WHOLE_CALL = Duration.ofSeconds(5);
    private static final int MOST_SNAPSHOT_BYTES = 512 * 1024 * 1024;
    private static final Duration WHOLE_FETCH = Duration.ofSeconds(60);
    private static final Duration WHOLE_REPORT = Duration.ofSeconds(3);

    private final Vertx vertx;
    private final List<URI> configured;
    private List<URI> controlPlanes;
    private int current;
    private @Nullable Identity identity;
    private @Nullable Connections connections;
    private Runnable refused = () -> {};

    ControlPlaneClient(Vertx vertx, List<URI> configured) {
        this.vertx = vertx;
        this.configured = configured;
        this.controlPlanes = configured;
    }

    /** From now on the runtime is this one. Calls that are under way finish as they began. */
    void use(Identity next) {
        URI asked = controlPlanes.get(current);
        controlPlanes = next.controlPlanes(configured);
        current = Math.max(0, controlPlanes.indexOf(asked));
        Identity before = identity;
        identity = next;
        if (before == null || !before.showsAndBelievesTheSame(next)) {
            Connections old = connections;
            connections = new Connections(vertx, ControlPlaneTls.mutual(next));
            if (old != null) {
                old.retire();
            }
        }
    }

    /** Called when a control plane does not let this runtime in, or this runtime does not believe one. */
    void onRefused(Runnable handler) {
        refused = handler;
    }

    /**
     * Asks for the group's snapshot.
     *
     * @param etag of the one that need not be sent again, or null
     * @return what came, or null when that one is still the head
     */
    Future<@Nullable Fetched> fetch(@Nullable String etag) {
        return call(HttpMethod.GET, RuntimeApi.SNAPSHOT_PATH, WHOLE_FETCH, request -> {
            if (etag != null) {
                request.putHeader(HttpHeaders.IF_NONE_MATCH, etag);
            }
            return request.send()
                    .compose(response -> response.statusCode() == 304
                            ? Future.succeededFuture()
                            : Connections.body(request, response, MOST_SNAPSHOT_BYTES)
                                    .map(bytes -> new Fetched(response.getHeader(HttpHeaders.ETAG), bytes)));
        });
    }

    /** Delivers a report, encoded already; the answer acknowledges it. */
    Future<ReportAnswer> report(Encoded report) {
        return call(HttpMethod.POST, RuntimeApi.REPORT_PATH, WHOLE_REPORT, request -> {
            if (report.gzip()) {
                request.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
            }
            return post(request, report.bytes(), ReportAnswer.class);
        });
    }

    /** Asks for the next certificate, while the present one is valid. */
    Future<Enrolment> renew(RenewalRequest renewal) {
        Buffer body = Buffer.buffer(WireJson.bytes(renewal));
        return call(
                HttpMethod.POST, RuntimeApi.RENEWAL_PATH, WHOLE_CALL, request -> post(request, body, Enrolment.class));
    }

    /** Asks what to trust. */
    Future<Trust> trust() {
        return call(HttpMethod.GET, RuntimeApi.TRUST_PATH, WHOLE_CALL, request -> request.send()
                .compose(response -> Connections.body(request, response, MOST_ANSWER_BYTES))
                .map(bytes -> WireJson.read(Trust.class, bytes.getBytes())));
    }

    /** Whether the runtime has an identity to call with. */
    boolean joined() {
        return connections != null;
    }

    /** How many control planes there are. */
    int count() {
        return controlPlanes.size();
    }

    /** Sends JSON and reads the answer. */
    static <T extends Record> Future<T> post(HttpClientRequest request, Buffer body, Class<T> answer) {
        return request.putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .send(body)
                .compose(response -> Connections.body(request, response, MOST_ANSWER_BYTES))
                .map(bytes -> WireJson.read(answer, bytes.getBytes()));
    }

    private <T extends @Nullable Object> Future<T> call(
            HttpMethod method, String path, Duration whole, Exchange<T> exchange) {
        Connections open = connections;
        if (open == null) {
            return Future.failedFuture("This runtime has not joined yet");
        }
        URI asked = controlPlanes.get(current);
        return open.call(asked, method, path, whole, exchange).onFailure(cause -> {
            if (controlPlanes.get(current).equals(asked)) {
                current = (current + 1) % controlPlanes.size();
            }
            if (cause instanceof ControlPlaneException failure && failure.refused()) {
                refused.run();
            }
        });
    }

    /** @param etag as the control plane named it, or null */
    record Fetched(@Nullable String etag, Buffer bytes) {}

    /** A report as it goes over the wire. */
    record Encoded(Buffer bytes, boolean gzip) {}
}
