package dev.sluice.runtime.upstream;

import io.vertx.core.net.ClientSSLOptions;

/**
 * How an upstream is spoken to by TLS where that is not the platform's way. Compared by identity: one snapshot after the
 * other has the same for the same settings, so that connections which are open stay in use.
 */
public final class UpstreamTls {
    private final ClientSSLOptions options;

    UpstreamTls(ClientSSLOptions options) {
        this.options = options;
    }

    /** To be read only. */
    public ClientSSLOptions options() {
        return options;
    }
}
