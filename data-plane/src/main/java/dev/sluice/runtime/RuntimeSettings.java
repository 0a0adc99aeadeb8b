package dev.sluice.runtime;

import dev.sluice.model.net.Cidr;
import dev.sluice.model.net.DeniedNetworks;
import dev.sluice.model.settings.ClusterSettings;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.settings.InvalidSettingsException;
import dev.sluice.model.settings.Setting;
import dev.sluice.model.settings.SettingsReader;
import dev.sluice.model.trust.JoinToken;
import dev.sluice.model.trust.SealingKey;
import dev.sluice.runtime.disk.DataDirectory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a runtime is told at its start.
 *
 * @param controlPlanes runtime-API base URLs, at least one
 * @param joinToken what it joins with, or null when it needs none any more
 * @param storageKey encrypts what the data directory keeps, or null for a key that is kept there itself
 * @param name what people call it, or null for one made of host name and proxy port
 * @param dataDirectory its own: identity, last good snapshots, unreported counts
 * @param seed signed snapshot file for a first start without a control plane, or null
 * @param cluster event bus, or null for none; without members, those that control planes name
 */
public record RuntimeSettings(
        List<URI> controlPlanes,
        @Nullable JoinToken joinToken,
        @Nullable SealingKey storageKey,
        @Nullable String name,
        Path dataDirectory,
        @Nullable Path seed,
        HostPort statusBind,
        ProxySettings proxy,
        @Nullable ClusterSettings cluster) {

    private static final Set<String> HEADER_FAMILIES = Set.of("forwarded", "via", "request_id", "latency");

    /**
     * Reads them all.
     *
     * @throws InvalidSettingsException naming everything that is wrong
     */
    public static RuntimeSettings read(SettingsReader reader) {
        ClusterSettings cluster =
                ClusterSettings.read(reader, new HostPort("127.0.0.1", 0), new HostPort("127.0.0.1", 0));
        List<URI> controlPlanes = reader.list(Setting.CONTROL_PLANES, RuntimeSettings::runtimeApi);
        if (controlPlanes.isEmpty()) {
            reader.problem(
                    Setting.CONTROL_PLANES, "names no control plane, want https://host:port (several by commas)");
        }
        Path dataDirectory = Path.of(reader.required(Setting.DATA_DIR));
        JoinToken joinToken = secret(reader, Setting.JOIN_TOKEN, JoinToken::parse);
        if (joinToken == null && !Files.exists(DataDirectory.identity(dataDirectory))) {
            reader.problem(
                    Setting.JOIN_TOKEN,
                    "is required until this runtime has joined: " + Setting.JOIN_TOKEN.description());
        }
        String seed = reader.text(Setting.SEED_SNAPSHOT);
        RuntimeSettings settings = new RuntimeSettings(
                controlPlanes,
                joinToken,
                secret(reader, Setting.STORAGE_KEY, SealingKey::parse),
                reader.text(Setting.RUNTIME_NAME),
                dataDirectory,
                seed == null ? null : Path.of(seed),
                reader.address(Setting.STATUS_BIND, new HostPort("127.0.0.1", 8100)),
                proxy(reader, dataDirectory),
                cluster);
        reader.finish();
        return settings;
    }

    private static ProxySettings proxy(SettingsReader reader, Path dataDirectory) {
        int loops = reader.integer(Setting.EVENT_LOOPS, 0, 256);
        return new ProxySettings(
                reader.address(Setting.PROXY_BIND, new HostPort("0.0.0.0", 8000)),
                tls(reader),
                loops == 0 ? Runtime.getRuntime().availableProcessors() : loops,
                ClientLimits.read(reader),
                BufferSettings.read(reader, DataDirectory.buffers(dataDirectory)),
                reader.list(Setting.TRUSTED_PROXIES, Cidr::parse),
                ProxyProtocol.read(reader),
                DeniedNetworks.and(reader.list(Setting.DENIED_NETWORKS, Cidr::parse)),
                Set.copyOf(reader.list(Setting.HEADERS_OFF, RuntimeSettings::headerFamily)),
                reader.onOff(Setting.DEBUG_HEADER),
                new ObservedSettings(accessLog(reader), reader.onOff(Setting.TRACING)),
                Duration.ofMillis(reader.integer(Setting.DRAIN_NOTICE_MS, 0, 600_000)),
                Duration.ofMillis(reader.integer(Setting.DRAIN_DEADLINE_MS, 0, 3_600_000)));
    }

    private static @Nullable String accessLog(SettingsReader reader) {
        String where = reader.required(Setting.ACCESS_LOG);
        return where.equals("off") ? null : where;
    }

    private static TlsSettings tls(SettingsReader reader) {
        boolean off = "off".equals(reader.text(Setting.PROXY_TLS_BIND));
        HostPort bind = off ? null : reader.address(Setting.PROXY_TLS_BIND, new HostPort("0.0.0.0", 8443));
        return new TlsSettings(bind, reader.integer(Setting.PROXY_TLS_PUBLIC_PORT, 0, 65_535));
    }

    private static URI runtimeApi(String text) {
        URI uri = URI.create(text);
        if ("http".equals(uri.getScheme())) {
            throw new IllegalArgumentException(
                    "control planes speak TLS alone on their runtime API, want https://host:port");
        }
        if (!"https".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException("not https://host:port");
        }
        return uri;
    }

    /** Reads a value that must not be repeated; a blank one counts as absent. */
    private static <T> @Nullable T secret(SettingsReader reader, Setting setting, Function<String, T> parser) {
        String value = reader.text(setting);
        if (value == null || value.isBlank()) {
            return null;
        }
        try {
            return parser.apply(value);
        } catch (IllegalArgumentException e) {
            reader.problem(setting, "is " + e.getMessage());
            return null;
        }
    }

    private static String headerFamily(String text) {
        if (!HEADER_FAMILIES.contains(text)) {
            throw new IllegalArgumentException("not one of forwarded, via, request_id, latency");
        }
        return text;
    }

    /**
     * The proxy's part.
     *
     * @param bind address that clients call; port 0 takes a free one
     * @param tls where clients are served by TLS
     * @param eventLoops 1 to 256
     * @param limits what a client may ask for
     * @param buffers what is held for slow clients
     * @param trustedProxies whose forwarded headers are kept
     * @param proxyProtocol which connections begin with a PROXY protocol header, from trusted proxies alone
     * @param deniedNetworks where no upstream may be
     * @param headersOff families of headers that are not added: forwarded, via, request_id, latency
     * @param debugHeader whether {@code Sluice-Debug: 1} is answered
     * @param observed who sees requests, beside the counts
     * @param drainNotice between readiness going off and the end of accepting
     * @param drainDeadline for requests in flight after that
     */
    public record ProxySettings(
            HostPort bind,
            TlsSettings tls,
            int eventLoops,
            ClientLimits limits,
            BufferSettings buffers,
            List<Cidr> trustedProxies,
            ProxyProtocol proxyProtocol,
            DeniedNetworks deniedNetworks,
            Set<String> headersOff,
            boolean debugHeader,
            ObservedSettings observed,
            Duration drainNotice,
            Duration drainDeadline) {}

    /**
     * The proxy's address for TLS.
     *
     * @param bind address that clients call; port 0 takes a free one; null for no TLS
     * @param publicPort by which clients reach that address, for redirects to https; 0 for the one that is bound
     */
    public record TlsSettings(@Nullable HostPort bind, int publicPort) {
        /** No TLS towards clients. */
        public static final TlsSettings OFF = new TlsSettings(null, 0);
    }

    /**
     * Access log and traces.
     *
     * @param accessLog {@code stdout} or the path of a file; null for none
     * @param tracing whether a trace is begun for a request that brings none
     */
    public record ObservedSettings(@Nullable String accessLog, boolean tracing) {
        /** Neither. */
        public static final ObservedSettings OFF = new ObservedSettings(null, false);
    }
}
