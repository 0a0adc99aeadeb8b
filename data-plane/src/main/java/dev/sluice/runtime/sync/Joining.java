package dev.sluice.runtime.sync;

import dev.sluice.model.trust.JoinToken;
import dev.sluice.model.wire.Enrolment;
import dev.sluice.model.wire.EnrolmentRequest;
import dev.sluice.model.wire.RuntimeApi;
import dev.sluice.model.wire.WireJson;
import dev.sluice.runtime.identity.ControlPlaneTls;
import dev.sluice.runtime.identity.Identity;
import dev.sluice.runtime.identity.IdentityStore;
import dev.sluice.runtime.identity.RuntimeKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the configured control planes, one after the other and over and over, to let this runtime join. What each of them
 * says to the contrary is logged once. For the control loop alone.
 */
final class Joining {
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
    private static final Duration LEAST_PAUSE = Duration.ofMillis(250);
    /** As long as nobody answers: the runtime joins soon after somebody does. */
    private static final Duration MOST_SILENT_PAUSE = Duration.ofSeconds(5);

    /** For a token that is refused, which will hardly be taken the next time. */
    private static final Duration MOST_REFUSED_PAUSE = Duration.ofSeconds(60);

    private final Vertx vertx;
    private final WorkerExecutor worker;
    private final List<URI> controlPlanes;
    private final JoinToken token;
    private final IdentityStore store;
    private final String name;
    private final Runnable roundFailed;
    private final Connections connections;
    private final Backoff silent = new Backoff(LEAST_PAUSE, MOST_SILENT_PAUSE);
    private final Backoff refused = new Backoff(LEAST_PAUSE, MOST_REFUSED_PAUSE);
    private final Map<URI, String> lastFailures = new HashMap<>();
    private final Promise<Identity> joined = Promise.promise();
    private boolean allRefused;
    private boolean stopped;

    /**
     * @param name what people call this runtime
     * @param roundFailed called each time that none of the control planes let it in
     */
    Joining(
            Vertx vertx,
            WorkerExecutor worker,
            List<URI> controlPlanes,
            JoinToken token,
            IdentityStore store,
            String name,
            Runnable roundFailed) {
        this.vertx = vertx;
        this.worker = worker;
        this.controlPlanes = controlPlanes;
        this.token = token;
        this.store = store;
        this.name = name;
        this.roundFailed = roundFailed;
        this.connections = new Connections(vertx, ControlPlaneTls.joining(token));
    }

    /** Completes once it has joined, with the key of its last certificate if it ever had one; never fails. */
    Future<Identity> start() {
        RuntimeKey key = store.joiningKey();
        worker.executeBlocking(() -> request(key))
                .onSuccess(body -> ask(0, key, body))
                .onFailure(cause -> LOG.error("Cannot ask to join", cause));
        return joined.future();
    }

    void stop() {
        stopped = true;
        connections.retire();
    }

    private Buffer request(RuntimeKey key) {
        return Buffer.buffer(WireJson.bytes(
                new EnrolmentRequest(token.text(), store.runtime(), name, key.certificateRequest(store.runtime()))));
    }

    private void ask(int at, RuntimeKey key, Buffer body) {
        if (stopped) {
            return;
        }
        URI controlPlane = controlPlanes.get(at);
        allRefused = at == 0 || allRefused;
        connections
                .call(
                        controlPlane,
                        HttpMethod.POST,
                        RuntimeApi.ENROLMENT_PATH,
                        ControlPlaneClient.WHOLE_CALL,
                        request -> ControlPlaneClient.post(request, body, Enrolment.class)
                                .map(enrolment -> Identity.of(key, store.runtime(), enrolment)))
                .onSuccess(identity -> {
                    stop();
                    LOG.info(
                            "Joined group {} as runtime {}, let in by {}",
                            identity.trust().group(),
                            store.runtime(),
                            controlPlane);
                    joined.tryComplete(identity);
                })
                .onFailure(cause -> failed(at, cause, key, body));
    }

    private void failed(int at, Throwable cause, RuntimeKey key, Buffer body) {
        String failure = String.valueOf(cause.getMessage());
        if (!failure.equals(lastFailures.put(controlPlanes.get(at), failure))) {
            LOG.warn("Cannot join, trying on: {}", failure);
        }
        allRefused &= cause instanceof ControlPlaneException known && known.refused();
        if (at + 1 < controlPlanes.size()) {
            ask(at + 1, key, body);
            return;
        }
        roundFailed.run();
        long pause = (allRefused ? refused : silent).nextMillis();
        vertx.timer(Math.max(1, pause)).onComplete(now -> ask(0, key, body));
    }
}
