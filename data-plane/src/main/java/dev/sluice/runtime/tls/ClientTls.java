package dev.sluice.runtime.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/**
 * How a listener speaks TLS: 1.2 and 1.3, HTTP/2 or HTTP/1.1 by ALPN (RFC 7301), with the certificates that are served at
 * the moment at which a connection comes in. Connections that are open stay as they are.
 */
public final class ClientTls {
    private static final int HANDSHAKE_SECONDS = 10;

    private ClientTls() {}

    /**
     * Switches TLS on for a listener. Signing, which takes milliseconds, is done on worker threads.
     *
     * @param served asked for each new connection, from any event loop; null while nothing is served
     */
    public static HttpServerOptions on(HttpServerOptions options, Supplier<@Nullable ServedCertificates> served) {
        ServedCertificates none = ServedCertificates.of(Map.of());
        Supplier<ServedCertificates> current = () -> {
            ServedCertificates certificates = served.get();
            return certificates == null ? none : certificates;
        };
        return options.setSsl(true)
                .setUseAlpn(true)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
                .setEnabledSecureTransportProtocols(new HashSet<>(ServedCertificates.PROTOCOLS))
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                // Vert.x wants one, and gives it to the factory below, which has its own.
                .setKeyCertOptions(KeyCertOptions.wrap(new ServedKeys(none.names(), List.of())))
                .setSslEngineOptions(new Engines(current).setUseWorkerThread(true));
    }

    /** The name that a connection's client asked for; null when it asked for none. */
    public static @Nullable String asked(@Nullable SSLSession session) {
        return ServedKeys.asked(session);
    }

    /** What Vert.x takes its TLS contexts from. */
    private static final class Engines extends SSLEngineOptions {
        private final Supplier<ServedCertificates> current;

        Engines(Supplier<ServedCertificates> current) {
            this.current = current;
        }

        private Engines(Engines that) {
            super(that);
            this.current = that.current;
        }

        @Override
        public SSLEngineOptions copy() {
            return new Engines(this);
        }

        @Override
        public SslContextFactory sslContextFactory() {
            return () -> new CurrentContext(current);
        }
    }

    /** Makes each engine of what is served then. */
    private static final class CurrentContext extends SslContext {
        private final Supplier<ServedCertificates> current;

        CurrentContext(Supplier<ServedCertificates> current) {
            this.current = current;
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator allocator) {
            return current.get().engine(allocator);
        }

        /** Whom a client's address is, is no matter: sessions of clients are not looked up by it. */
        @Override
        public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
            return newEngine(allocator);
        }

        @Override
        public boolean isClient() {
            return false;
        }

        @Override
        public List<String> cipherSuites() {
            return current.get().context().cipherSuites();
        }

        @Override
        @SuppressWarnings("deprecation") // named by the class
        public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
            return current.get().context().applicationProtocolNegotiator();
        }

        @Override
        public SSLSessionContext sessionContext() {
            return current.get().context().sessionContext();
        }
    }
}
