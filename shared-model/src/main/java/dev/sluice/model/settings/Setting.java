package dev.sluice.model.settings;

import static dev.sluice.model.settings.SluiceProcess.CONTROL_PLANE;
import static dev.sluice.model.settings.SluiceProcess.RUNTIME;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of every process, in the order of {@code --help}. In the environment a setting is {@code SLUICE_NAME},
 * in a YAML file {@code name}; a secret may also be the content of a file, {@code SLUICE_NAME_FILE} or {@code
 * name_file}. A setting that only another process reads is passed over, so that processes may share an environment.
 */
@SuppressWarnings("ImmutableEnumChecker") // the sets come from Set.of
public enum Setting {
    POSTGRES_URI(null, true, Set.of(CONTROL_PLANE), "postgresql://user:password@host:port/database"),
    POSTGRES_POOL_SIZE("10", false, Set.of(CONTROL_PLANE), "connections to PostgreSQL at most, 2 to 200"),
    API_BIND(
            "127.0.0.1:8001",
            false,
            Set.of(CONTROL_PLANE),
            "address of the REST API, host:port; port 0 takes a free one"),
    RUNTIME_API_BIND(
            "127.0.0.1:8005",
            false,
            Set.of(CONTROL_PLANE),
            "address that runtimes call, host:port; port 0 takes a free one"),
    SECRET_KEY(
            null,
            true,
            Set.of(CONTROL_PLANE),
            "key that seals every secret in PostgreSQL, the same on all control planes: 32 bytes, base64 or"
                    + " hexadecimal"),
    FORMER_SECRET_KEYS(
            null,
            true,
            Set.of(CONTROL_PLANE),
            "keys that SLUICE_SECRET_KEY was before, separated by commas: what they sealed is sealed anew at the"
                    + " start"),
    CA_CERTIFICATE(
            null,
            true,
            Set.of(CONTROL_PLANE),
            "certificate (PEM) of the authority for runtimes; without it the first start makes one"),
    CA_KEY(null, true, Set.of(CONTROL_PLANE), "private key (PKCS #8, PEM) of SLUICE_CA_CERTIFICATE"),
    RUNTIME_API_NAMES(
            null,
            false,
            Set.of(CONTROL_PLANE),
            "names and addresses, separated by commas, by which runtimes call this control plane; without it,"
                    + " localhost, the host name and the addresses that are bound and advertised"),
    RUNTIME_API_ADVERTISE(
            null,
            false,
            Set.of(CONTROL_PLANE),
            "address under which runtimes reach the runtime API, host:port, if another than the one that is bound"),
    ADMIN_TOKEN(
            null,
            true,
            Set.of(CONTROL_PLANE),
            "bearer token of the REST API; without it the first start makes one and prints it once"),
    API_TLS_CERTIFICATE(
            null,
            true,
            Set.of(CONTROL_PLANE),
            "certificate chain (PEM) of the REST API, which is https then; from a file, a newer one is taken over"),
    API_TLS_KEY(null, true, Set.of(CONTROL_PLANE), "private key (PEM) of that certificate"),
    RUNTIME_CERTIFICATE_SECONDS(
            "2592000",
            false,
            Set.of(CONTROL_PLANE),
            "how long certificates of runtimes are valid, 30 to 31536000; they are renewed after two thirds of it"),
    JOIN_TOKEN(
            null,
            true,
            Set.of(CONTROL_PLANE, RUNTIME),
            "runtime: what it joins with, needed until it has joined; control plane: a join token to begin with, for"
                    + " any number of runtimes of group default, made by whoever made SLUICE_CA_CERTIFICATE"),
    STORAGE_KEY(
            null,
            true,
            Set.of(RUNTIME),
            "key that encrypts what the data directory keeps: 32 bytes, base64 or hexadecimal; without it, one is made"
                    + " and kept in the data directory"),
    CONTROL_PLANES(
            null,
            false,
            Set.of(RUNTIME),
            "where to join, fetch and report: runtime-API URLs (https), separated by commas; more are learned there"),
    RUNTIME_NAME(
            null, false, Set.of(RUNTIME), "what people call this runtime; without it, the host name and proxy port"),
    PROXY_BIND("0.0.0.0:8000", false, Set.of(RUNTIME), "address that clients call, host:port; port 0 takes a free one"),
    PROXY_TLS_BIND(
            "0.0.0.0:8443",
            false,
            Set.of(RUNTIME),
            "address that clients call by TLS, host:port, with certificates by SNI; port 0 takes a free one, off means"
                    + " none"),
    PROXY_TLS_PUBLIC_PORT(
            "0",
            false,
            Set.of(RUNTIME),
            "port by which clients reach SLUICE_PROXY_TLS_BIND, for redirects to https, 1 to 65535; 0 means the one"
                    + " that is bound"),
    STATUS_BIND(
            "127.0.0.1:8100",
            false,
            Set.of(RUNTIME),
            "address of /live, /ready, /status and /metrics, host:port; port 0 takes a free one"),
    DATA_DIR(
            "sluice-runtime",
            false,
            Set.of(RUNTIME),
            "directory of a runtime's identity, last good snapshots and unreported counts, one a runtime"),
    SEED_SNAPSHOT(
            null,
            false,
            Set.of(RUNTIME),
            "signed snapshot file to serve from when the data directory holds none and no control plane answers"),
    EVENT_LOOPS("0", false, Set.of(RUNTIME), "event loops that serve clients, 1 to 256; 0 means one a processor"),
    MAX_HEADER_BYTES(
            "16384",
            false,
            Set.of(RUNTIME),
            "bytes of a client's header section at most, 1024 to 1048576; beyond, 431"),
    MAX_HEADER_COUNT(
            "100", false, Set.of(RUNTIME), "fields of a client's header section at most, 10 to 10000; beyond, 431"),
    MAX_URI_BYTES("8192", false, Set.of(RUNTIME), "bytes of a request's URI at most, 256 to 65536; beyond, 414"),
    MAX_BODY_BYTES(
            "0",
            false,
            Set.of(RUNTIME),
            "bytes of a request body at most; beyond, 413; 0 means any size, which takes no more memory"),
    CLIENT_IDLE_MS(
            "60000",
            false,
            Set.of(RUNTIME),
            "milliseconds that a client's connection may have nothing to do before it is closed, 100 to 3600000"),
    CLIENT_HEADER_MS(
            "10000",
            false,
            Set.of(RUNTIME),
            "milliseconds from the first byte of a client's header section to its last, 100 to 600000; beyond, 408"),
    CLIENT_BODY_MS(
            "60000",
            false,
            Set.of(RUNTIME),
            "milliseconds that a client may send nothing in the middle of its body, 100 to 3600000; beyond, 408"),
    BUFFER_MEMORY_BYTES(
            "65536",
            false,
            Set.of(RUNTIME),
            "bytes of one answer that are held in memory for a client that is slower than its upstream, where the route has"
                    + " response_buffering, and of one request body before it goes upstream, where it has"
                    + " request_buffering, 0 to 16777216; beyond, on disk"),
    BUFFER_DISK_BYTES(
            "1073741824",
            false,
            Set.of(RUNTIME),
            "bytes of answers and request bodies that are held in files of the data directory likewise, all together;"
                    + " beyond, the upstream waits, and bodies are streamed; 0 means none"),
    MAX_STREAMS("100", false, Set.of(RUNTIME), "requests at once over one HTTP/2 connection at most, 1 to 10000"),
    MAX_CONNECTIONS(
            "20000",
            false,
            Set.of(RUNTIME),
            "clients' connections at once at most, 1 to 1000000; one beyond is closed as soon as it comes"),
    MAX_CONNECTIONS_PER_ADDRESS(
            "0",
            false,
            Set.of(RUNTIME),
            "connections at once from one client address at most, 0 to 1000000; 0 means any number; one beyond is"
                    + " closed as soon as its address is known"),
    TRUSTED_PROXIES(
            "",
            false,
            Set.of(CONTROL_PLANE, RUNTIME),
            "networks (CIDR, separated by commas) of the proxies in front: a runtime keeps the X-Forwarded-* headers"
                    + " from there, and serves https-only routes where they say https; the REST API takes from them who"
                    + " its client is and whether it speaks TLS"),
    PROXY_PROTOCOL(
            "off",
            false,
            Set.of(RUNTIME),
            "on: every client connection begins with a PROXY protocol header (version 1 or 2) that tells the client's"
                    + " address; it is taken from SLUICE_TRUSTED_PROXIES alone, and other connections are closed; tls: those"
                    + " to SLUICE_PROXY_TLS_BIND alone"),
    DENIED_NETWORKS(
            "",
            false,
            Set.of(CONTROL_PLANE, RUNTIME),
            "networks (CIDR, separated by commas) that no upstream may be in, the same on both; link-local, cloud"
                    + " metadata, multicast and 0.0.0.0/8 never may"),
    HEADERS_OFF(
            "", false, Set.of(RUNTIME), "families of added headers to leave out: forwarded, via, request_id, latency"),
    DEBUG_HEADER("off", false, Set.of(RUNTIME), "on: a request with 'Sluice-Debug: 1' is told which route won"),
    ACCESS_LOG(
            "off",
            false,
            Set.of(RUNTIME),
            "one line of JSON for each request that ended: stdout, a file that is appended to (opened again once it was"
                    + " moved away), or off"),
    TRACING(
            "off",
            false,
            Set.of(RUNTIME),
            "on: a request that brings no valid traceparent begins a trace; one that does is part of that in any case"),
    DRAIN_NOTICE_MS(
            "5000",
            false,
            Set.of(RUNTIME),
            "orderly stop: milliseconds between /ready saying 503 and the end of accepting, 0 to 600000"),
    DRAIN_DEADLINE_MS(
            "30000",
            false,
            Set.of(RUNTIME),
            "orderly stop: milliseconds that requests in flight may take after that, 0 to 3600000"),
    CLUSTER(
            "on",
            false,
            Set.of(CONTROL_PLANE, RUNTIME),
            "on or off: announcements over the event bus; off means polling alone"),
    CLUSTER_BIND(
            null,
            false,
            Set.of(CONTROL_PLANE, RUNTIME),
            "address of the cluster member, host:port; 127.0.0.1:5701 on a control plane, 127.0.0.1:0 on a runtime"),
    CLUSTER_ADVERTISE(
            null, false, Set.of(CONTROL_PLANE, RUNTIME), "address under which others reach the member, if another"),
    CLUSTER_MEMBERS(
            "",
            false,
            Set.of(CONTROL_PLANE, RUNTIME),
            "members to join, the control planes': host:port, separated by commas; without it, a runtime joins those"
                    + " that control planes name"),
    BUS_BIND(
            null,
            false,
            Set.of(CONTROL_PLANE, RUNTIME),
            "address of the event bus, host:port; 127.0.0.1:5801 on a control plane, 127.0.0.1:0 on a runtime"),
    BUS_ADVERTISE(
            null, false, Set.of(CONTROL_PLANE, RUNTIME), "address under which others reach the event bus, if another");

    private final @Nullable String defaultValue;
    private final boolean secret;
    private final Set<SluiceProcess> processes;
    private final String description;

    Setting(@Nullable String defaultValue, boolean secret, Set<SluiceProcess> processes, String description) {
        this.defaultValue = defaultValue;
        this.secret = secret;
        this.processes = processes;
        this.description = description;
    }

    /** {@code SLUICE_API_BIND} */
    public String environmentName() {
        return "SLUICE_" + name();
    }

    /** {@code api_bind} */
    public String yamlName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public @Nullable String defaultValue() {
        return defaultValue;
    }

    /** Whether the value must not be shown, and may come from a file. */
    public boolean secret() {
        return secret;
    }

    public boolean isReadBy(SluiceProcess process) {
        return processes.contains(process);
    }

    public String description() {
        return description;
    }
}
