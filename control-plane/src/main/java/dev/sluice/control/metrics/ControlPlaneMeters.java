package dev.sluice.control.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.ext.web.RoutingContext;
import io.vertx.micrometer.MicrometerMetricsFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Every figure of the control plane, by its Prometheus name:
 *
 * <ul>
 *   <li>{@code http_server_requests_seconds{operation,status}}: requests of the REST API (by operationId) and of the
 *       runtime API ({@code runtimeSnapshot}, {@code runtimeReport}), until the answer was written
 *   <li>{@code sluice_revision_head{group}}: number of the head revision
 *   <li>{@code sluice_runtimes{group,state}}: runtimes that are live or stale, or gone for less than a day
 *   <li>{@code sluice_propagation_seconds{group}}: from the commit of a revision to a running runtime's report that it
 *       serves it
 *   <li>{@code sluice_reports_total{outcome}}: reports {@code taken} or {@code refused}
 *   <li>{@code sluice_reported_requests_total}: client requests that reports added to the record
 *   <li>{@code sluice_reported_unknown_rows_total}: reported rows passed over because the route was never in the group
 *   <li>{@code sluice_announcements_total}: revisions announced over the event bus, repetitions included
 *   <li>{@code sluice_cluster_members}: members of the event bus's cluster, 0 while it is not joined
 *   <li>{@code sluice_live_views}: open live status streams
 *   <li>{@code sluice_db_connections}: connections of the database pool; with Vert.x's own metrics also {@code
 *       vertx_pool_*} (pool_type {@code sql})
 *   <li>{@code sluice_event_loop_lag_seconds}: how late timers of the event loop came, maximum and sum
 *   <li>{@code sluice_certificate_expires_timestamp_seconds{certificate}}: when a certificate ends, in seconds since 1970:
 *       {@code authority}, {@code bus_authority}, {@code signing_key}, {@code runtime_api} (this control plane's own) and
 *       {@code runtime} (the first to end of runtimes that are heard)
 *   <li>{@code jvm_memory_*}, {@code jvm_threads_*}, {@code process_*}, {@code system_cpu_*}
 * </ul>
 */
public final class ControlPlaneMeters {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MultiGauge heads = MultiGauge.builder("sluice.revision.head")
            .description("Number of the head revision")
            .register(registry);
    private final MultiGauge runtimes = MultiGauge.builder("sluice.runtimes")
            .description("Runtimes in the directory")
            .register(registry);
    private final MultiGauge certificates = MultiGauge.builder("sluice.certificate.expires.timestamp")
            .description("When a certificate ends")
            .baseUnit("seconds")
            .register(registry);
    private final Counter reportsTaken = reports("taken");
    private final Counter reportsRefused = reports("refused");
    private final Counter reportedRequests = counter("sluice.reported.requests", "Client requests that reports added");
    private final Counter unknownRows = counter("sluice.reported.unknown.rows", "Reported rows of unknown routes");
    private final Counter announcements = counter("sluice.announcements", "Revisions announced over the event bus");
    private final Timer eventLoopLag = Timer.builder("sluice.event.loop.lag")
            .description("How late timers of the event loop came")
            .register(registry);

    public ControlPlaneMeters() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** Has Vert.x count pools, HTTP connections and the rest into the same registry. */
    public VertxMetricsFactory vertxMetrics() {
        return new MicrometerMetricsFactory(registry);
    }

    /** @param operation the contract's operationId, or {@code none} where no operation was reached */
    public void requestEnded(String operation, int status, Duration took) {
        Timer.builder("http.server.requests")
                .description("Requests until the answer was written")
                .tags("operation", operation, "status", Integer.toString(status))
                .register(registry)
                .record(took);
    }

    /** @param byGroup number of the head revision of each group */
    public void heads(Map<String, Long> byGroup) {
        heads.register(
                byGroup.entrySet().stream()
                        .map(head -> MultiGauge.Row.of(Tags.of("group", head.getKey()), head.getValue()))
                        .collect(Collectors.toList()),
                true);
    }

    public record RuntimeCount(String group, String state, long n) {}

    public void runtimes(List<RuntimeCount> counts) {
        runtimes.register(
                counts.stream()
                        .map(count -> MultiGauge.Row.of(Tags.of("group", count.group, "state", count.state), count.n))
                        .collect(Collectors.toList()),
                true);
    }

    /** @param ends when certificates end, by what they are for */
    public void certificates(Map<String, Instant> ends) {
        certificates.register(
                ends.entrySet().stream()
                        .map(end -> MultiGauge.Row.of(
                                Tags.of("certificate", end.getKey()),
                                end.getValue().getEpochSecond()))
                        .collect(Collectors.toList()),
                true);
    }

    public void propagated(String group, double seconds) {
        Timer.builder("sluice.propagation")
                .description("From the commit of a revision to a runtime serving it")
                .tag("group", group)
                .serviceLevelObjectives(
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30))
                .register(registry)
                .record((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
    }

    public void reportTaken(long requests, long rowsOfUnknownRoutes) {
        reportsTaken.increment();
        reportedRequests.increment((double) requests);
        unknownRows.increment((double) rowsOfUnknownRoutes);
    }

    public void reportRefused() {
        reportsRefused.increment();
    }

    public void announced() {
        announcements.increment();
    }

    public void eventLoopLate(Duration by) {
        eventLoopLag.record(by);
    }

    public void clusterMembers(Supplier<Number> members) {
        gauge("sluice.cluster.members", "Members of the event bus's cluster", members);
    }

    public void liveViews(Supplier<Number> streams) {
        gauge("sluice.live.views", "Open live status streams", streams);
    }

    public void databaseConnections(Supplier<Number> connections) {
        gauge("sluice.db.connections", "Connections of the database pool", connections);
    }

    /** {@code GET /metrics}, in the Prometheus text format 0.0.4. */
    public void scrape(RoutingContext web) {
        web.response()
                .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                .end(registry.scrape())
                .onFailure(web::fail);
    }

    public String scrape() {
        return registry.scrape();
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge ignored = Gauge.builder(name, value).description(description).register(registry);
    }

    private Counter reports(String outcome) {
        return Counter.builder("sluice.reports")
                .description("Reports of runtimes")
                .tag("outcome", outcome)
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }
}
