package dev.sluice.model.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The protocols of implementations (towards the upstream) and of routes (from the client). */
public enum Protocol {
    @JsonProperty("http")
    HTTP("http", 80, false, false),
    @JsonProperty("https")
    HTTPS("https", 443, true, false),
    @JsonProperty("grpc")
    GRPC("grpc", 80, false, true),
    @JsonProperty("grpcs")
    GRPCS("grpcs", 443, true, true);

    private final String scheme;
    private final int defaultPort;
    private final boolean tls;
    private final boolean grpc;

    Protocol(String scheme, int defaultPort, boolean tls, boolean grpc) {
        this.scheme = scheme;
        this.defaultPort = defaultPort;
        this.tls = tls;
        this.grpc = grpc;
    }

    public String scheme() {
        return scheme;
    }

    /** The port that goes without saying: 80, or 443 with TLS. */
    public int defaultPort() {
        return defaultPort;
    }

    public boolean tls() {
        return tls;
    }

    public boolean grpc() {
        return grpc;
    }
}
