package dev.sluice.runtime.tls;

import dev.sluice.model.routing.ServerNames;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that a snapshot shows to clients, by SNI; immutable. A TLS session can be resumed for as long as its
 * set is served, and only by asking for the name that it began with (RFC 6066 section 3): so nobody is kept on a
 * certificate that was replaced, or on one of another name.
 */
public final class ServedCertificates {
    /** TLS 1.3's, then those of TLS 1.2 with forward secrecy and authenticated encryption (RFC 9325 section 4.2). */
    public static final List<String> CIPHER_SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
    private static final int MOST_SESSIONS = 20_000;
    private static final int SESSION_SECONDS = 3_600;

    private final ServerNames<ServedCertificate> names;
    private final List<ServedCertificate> certificates;
    /** Null until it is wanted, where there is nothing to show: most runtimes, at their start, need none. */
    private volatile @Nullable SslContext context;

    private final List<SNIMatcher> known = List.of(new KnownName());

    private ServedCertificates(Map<String, ServedCertificate> byName) {
        this.names = ServerNames.of(byName);
        this.certificates = byName.values().stream().distinct().toList();
        this.context = certificates.isEmpty() ? null : made();
    }

    /** @param byName certificates by names of SNIs; without any, every handshake is refused */
    public static ServedCertificates of(Map<String, ServedCertificate> byName) {
        return new ServedCertificates(byName);
    }

    /** Each once. */
    public Collection<ServedCertificate> certificates() {
        return certificates;
    }

    /**
     * Whether a request has come over a connection that was not opened for its host (RFC 9110 section 15.5.20): its client
     * asked for another name in its handshake, and who asks for the host's is shown another certificate. A client that
     * asked for no name is asked for none.
     *
     * @param asked the name in the handshake
     * @param host without port, as the request has it
     */
    public boolean misdirects(@Nullable String asked, @Nullable String host) {
        if (asked == null || host == null || asked.equalsIgnoreCase(host)) {
            return false;
        }
        ServedCertificate shown = names.find(asked);
        ServedCertificate wanted = names.find(host);
        return shown != null && (wanted == null || !wanted.id().equals(shown.id()));
    }

    ServerNames<ServedCertificate> names() {
        return names;
    }

    SslContext context() {
        SslContext known = context;
        if (known == null) {
            known = made();
            context = known;
        }
        return known;
    }

    /** For one connection. */
    SSLEngine engine(ByteBufAllocator allocator) {
        SSLEngine engine = context().newEngine(allocator);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setSNIMatchers(known);
        engine.setSSLParameters(parameters);
        return engine;
    }

    private SslContext made() {
        try {
            return SslContextBuilder.forServer(new ServedKeys(names, certificates))
                    .sslProvider(SslProvider.JDK)
                    .protocols(PROTOCOLS)
                    .ciphers(CIPHER_SUITES)
                    .sessionCacheSize(MOST_SESSIONS)
                    .sessionTimeout(SESSION_SECONDS)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.FATAL_ALERT,
                            SelectedListenerFailureBehavior.FATAL_ALERT,
                            ApplicationProtocolNames.HTTP_2,
                            ApplicationProtocolNames.HTTP_1_1))
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("The platform makes no TLS", e);
        }
    }

    /**
     * Lets those names pass that there is a certificate for; others are told so (alert unrecognized_name). It also makes
     * the platform compare the names of a session and of who resumes it.
     */
    private final class KnownName extends SNIMatcher {
        KnownName() {
            super(StandardConstants.SNI_HOST_NAME);
        }

        @Override
        public boolean matches(SNIServerName asked) {
            String name = asked instanceof SNIHostName host ? host.getAsciiName() : ascii(asked);
            return name != null && names.find(name) != null;
        }

        private static @Nullable String ascii(SNIServerName asked) {
            try {
                return new SNIHostName(asked.getEncoded()).getAsciiName();
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
    }
}
