package dev.sluice.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.wire.Report.Refusal;
import dev.sluice.model.wire.Report.RuntimeIdentity;
import dev.sluice.runtime.admin.Lifecycle;
import dev.sluice.runtime.identity.Identity;
import dev.sluice.runtime.identity.IdentityStore;
import dev.sluice.runtime.snapshot.CompiledSnapshot;
import dev.sluice.runtime.snapshot.SnapshotHolder;
import dev.sluice.runtime.sync.ControlLoop.SyncStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The state of the runtime as {@code /status} and {@code /metrics} show it. */
final class RuntimeStatus {
    private final Supplier<RuntimeIdentity> identity;
    private final IdentityStore identities;
    private final SnapshotHolder holder;
    private final Lifecycle lifecycle;
    private final Supplier<SyncStatus> sync;
    private final Supplier<String> proxyAddress;
    private final Supplier<@Nullable HostPort> proxyTlsAddress;

    /**
     * @param proxyAddress where clients call, empty while nobody can
     * @param proxyTlsAddress where they call by TLS, null while nobody can
     */
    RuntimeStatus(
            Supplier<RuntimeIdentity> identity,
            IdentityStore identities,
            SnapshotHolder holder,
            Lifecycle lifecycle,
            Supplier<SyncStatus> sync,
            Supplier<String> proxyAddress,
            Supplier<@Nullable HostPort> proxyTlsAddress) {
        this.identity = identity;
        this.identities = identities;
        this.holder = holder;
        this.lifecycle = lifecycle;
        this.sync = sync;
        this.proxyAddress = proxyAddress;
        this.proxyTlsAddress = proxyTlsAddress;
    }

    /** The gauges that stand for what {@code /status} says in words. */
    void registerGauges(MeterRegistry registry) {
        gauge(registry, "sluice.ready", "1 when a snapshot is compiled and served", me -> me.lifecycle.ready() ? 1 : 0);
        gauge(registry, "sluice.revision.served", "Number of the revision served", RuntimeStatus::servedNumber);
        gauge(registry, "sluice.epoch.served", "Epoch of the revision served", RuntimeStatus::servedEpoch);
        gauge(registry, "sluice.revision.head", "Newest revision heard of", RuntimeStatus::headNumber);
        gauge(
                registry,
                "sluice.joined",
                "1 once this runtime has joined",
                me -> me.identities.current() == null ? 0 : 1);
        gauge(
                registry,
                "sluice.certificate.expiry.timestamp.seconds",
                "When the certificate for the runtime API expires, in seconds since the epoch; none before it has joined",
                RuntimeStatus::certificateExpiry);
        gauge(
                registry,
                "sluice.snapshot.refused",
                "1 while the newest snapshot is refused",
                me -> me.sync.get().refusal() == null ? 0 : 1);
        gauge(
                registry,
                "sluice.bus.alive",
                "1 while announcements come in",
                me -> me.sync.get().bus() ? 1 : 0);
        gauge(registry, "sluice.report.rows.unacknowledged", "Rows of counts not acknowledged yet", me -> me.sync
                .get()
                .unacknowledgedRows());
    }

    byte[] json() {
        RuntimeIdentity me = identity.get();
        SyncStatus now = sync.get();
        HostPort tls = proxyTlsAddress.get();
        ObjectNode json = ConfigJson.MAPPER
                .createObjectNode()
                .put("id", me.id().toString())
                .put("name", me.name())
                .put("group", me.group())
                .put("host", me.host())
                .put("version", me.version())
                .put("boot", me.boot().toString())
                .put("phase", lifecycle.phase().name().toLowerCase(Locale.ROOT))
                .put("uptime_seconds", (System.currentTimeMillis() - me.startedAt()) / 1000)
                .put("proxy_address", proxyAddress.get())
                .put("proxy_tls_address", tls == null ? "" : tls.toString())
                .put("connected", now.connected())
                .put("bus", now.bus())
                .put("unacknowledged_rows", now.unacknowledgedRows());
        Identity joined = identities.current();
        json.put("joined", joined != null)
                .put("trust", joined == null ? null : joined.trust().version())
                .put(
                        "certificate_expires_at",
                        joined == null ? null : joined.life().notAfter().toString());
        describeServed(json);
        Revision head = now.head();
        if (head != null) {
            json.putObject("head").put("epoch", head.epoch()).put("revision", head.number());
        }
        Refusal refusal = now.refusal();
        json.set("refusal", refusal == null ? null : ConfigJson.MAPPER.valueToTree(refusal));
        try {
            return ConfigJson.MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree is always JSON", e);
        }
    }

    private void describeServed(ObjectNode json) {
        CompiledSnapshot served = holder.current();
        if (served == null) {
            json.put("source", "none");
            return;
        }
        Snapshot snapshot = served.snapshot();
        json.put("source", served.source().wireName())
                .put("epoch", snapshot.revision().epoch())
                .put("revision", snapshot.revision().number())
                .put("digest", snapshot.digest().hex())
                .put("routes", served.routes().routeCount());
    }

    private double certificateExpiry() {
        Identity joined = identities.current();
        return joined == null ? Double.NaN : joined.life().notAfter().getEpochSecond();
    }

    private double servedNumber() {
        CompiledSnapshot served = holder.current();
        return served == null ? 0 : served.snapshot().revision().number();
    }

    private double servedEpoch() {
        CompiledSnapshot served = holder.current();
        return served == null ? 0 : served.snapshot().revision().epoch();
    }

    private double headNumber() {
        Revision head = sync.get().head();
        return head == null ? 0 : head.number();
    }

    private void gauge(MeterRegistry registry, String name, String about, ToDoubleFunction<RuntimeStatus> value) {
        Gauge.builder(name, this, value)
                .description(about)
                .strongReference(true)
                .register(registry);
    }
}
