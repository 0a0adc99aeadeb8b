package dev.sluice.runtime.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What the request path tells of itself beside the counts: attempts, failures by kind, connections. Every method is one
 * addition, from any thread. Failures are names of an enum: their number is bounded.
 */
public final class ProxyMeters {
    private final MeterRegistry registry;
    private final LongAdder attemptsStarted = new LongAdder();
    private final LongAdder attemptsEnded = new LongAdder();
    private final LongAdder retriesRefused = new LongAdder();
    private final LongAdder connectionsOpened = new LongAdder();
    private final LongAdder connectionsClosed = new LongAdder();
    private final LongAdder upstreamConnectionsOpened = new LongAdder();
    private final LongAdder upstreamConnectionsClosed = new LongAdder();
    private final ConcurrentMap<String, LongAdder> attemptFailures = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, LongAdder> requestFailures = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, LongAdder> refusedConnections = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, LongAdder> handshakes = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, LongAdder> handshakeFailures = new ConcurrentHashMap<>();

    public ProxyMeters(MeterRegistry registry) {
        this.registry = registry;
        counter("sluice.attempts", "Attempts at upstream targets", attemptsStarted);
        counter("sluice.retries.refused", "Attempts that the retry budget did not allow", retriesRefused);
        counter("sluice.client.connections.opened", "Connections that clients opened", connectionsOpened);
        counter("sluice.upstream.connections.opened", "Connections opened to upstreams", upstreamConnectionsOpened);
        difference("sluice.attempts.active", "Attempts in flight", attemptsStarted, attemptsEnded);
        difference("sluice.client.connections", "Connections of clients", connectionsOpened, connectionsClosed);
        difference(
                "sluice.upstream.connections",
                "Connections to upstreams, idle ones included",
                upstreamConnectionsOpened,
                upstreamConnectionsClosed);
    }

    public void attemptStarted() {
        attemptsStarted.increment();
    }

    /** However it ended; a failed one is told by {@link #attemptFailed} too. */
    public void attemptEnded() {
        attemptsEnded.increment();
    }

    /** An attempt failed and was not repeated because too many were. */
    public void retryRefused() {
        retriesRefused.increment();
    }

    /** @param failure name of the failure, of a bounded set */
    public void attemptFailed(String failure) {
        byFailure(attemptFailures, "sluice.attempt.failures", "Attempts that failed, by kind", failure);
    }

    /**
     * A request that the gateway answered itself, or that was cut short.
     *
     * @param failure name of the failure, of a bounded set
     */
    public void requestFailed(String failure) {
        byFailure(requestFailures, "sluice.request.failures", "Requests that failed, by kind", failure);
    }

    public void connectionOpened() {
        connectionsOpened.increment();
    }

    public void connectionClosed() {
        connectionsClosed.increment();
    }

    /**
     * A client's connection was closed as it came.
     *
     * @param reason of a bounded set
     */
    public void connectionRefused(String reason) {
        by(
                "reason",
                refusedConnections,
                "sluice.client.connections.refused",
                "Connections of clients that were closed as they came, by reason",
                reason);
    }

    public void upstreamConnectionOpened() {
        upstreamConnectionsOpened.increment();
    }

    public void upstreamConnectionClosed() {
        upstreamConnectionsClosed.increment();
    }

    /** @param dropped asked for at each scrape; never less than before */
    public void accessLog(LongSupplier dropped) {
        FunctionCounter.builder("sluice.access.log.lines.dropped", dropped, LongSupplier::getAsLong)
                .description("Lines of the access log that were not written")
                .register(registry);
    }

    /** @param version of TLS, of a bounded set */
    public void handshaked(String version) {
        by("version", handshakes, "sluice.tls.handshakes", "TLS handshakes with clients that succeeded", version);
    }

    /** @param reason of a bounded set */
    public void handshakeFailed(String reason) {
        by(
                "reason",
                handshakeFailures,
                "sluice.tls.handshake.failures",
                "TLS handshakes with clients that failed",
                reason);
    }

    private void byFailure(ConcurrentMap<String, LongAdder> counts, String name, String description, String failure) {
        by("failure", counts, name, description, failure);
    }

    private void by(
            String tag, ConcurrentMap<String, LongAdder> counts, String name, String description, String value) {
        LongAdder known = counts.get(value);
        if (known == null) {
            known = counts.computeIfAbsent(value, kind -> {
                LongAdder added = new LongAdder();
                FunctionCounter.builder(name, added, LongAdder::sum)
                        .description(description)
                        .tag(tag, kind)
                        .register(registry);
                return added;
            });
        }
        known.increment();
    }

    private void counter(String name, String description, LongAdder count) {
        FunctionCounter.builder(name, count, LongAdder::sum)
                .description(description)
                .register(registry);
    }

    private void difference(String name, String description, LongAdder more, LongAdder less) {
        Gauge.builder(name, () -> more.sum() - less.sum())
                .description(description)
                .strongReference(true)
                .register(registry);
    }
}
