package dev.sluice.control.trust;

import dev.sluice.control.failure.ToldOnce;
import dev.sluice.model.trust.Pem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runtime API's own certificate, with a key that is never stored: made at the start, and anew after two thirds of
 * its life. The chain that is sent holds the authority too, since a runtime that joins checks it against its token.
 */
public final class ServerCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(ServerCertificate.class);
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private final Vertx vertx;
    private final Authority authority;
    private final List<GeneralName> names;
    private final Duration life;
    private final TrustOptions callers;
    private volatile @Nullable X509Certificate current;
    private long timer = -1;

    ServerCertificate(Vertx vertx, Authority authority, List<GeneralName> names, Duration life) {
        this.vertx = vertx;
        this.authority = authority;
        this.names = List.copyOf(names);
        this.life = life;
        this.callers = TrustOptions.wrap(new CallerTrust(authority.certificate(), new ToldOnce()));
    }

    /** Has a server that is being made speak TLS, and ask callers for a certificate without insisting on one. */
    public HttpServerOptions protect(HttpServerOptions options) {
        options.setSsl(true)
                .setUseAlpn(false)
                .setClientAuth(ClientAuth.REQUEST)
                .setKeyCertOptions(issued())
                .setTrustOptions(callers)
                .setEnabledSecureTransportProtocols(PROTOCOLS);
        return options;
    }

    /** Gives the server a new certificate in time; connections that are there stay. */
    public void keepFresh(HttpServer server) {
        Duration pause = life.dividedBy(20);
        long millis = Math.max(50, Math.min(pause.toMillis(), LONGEST_PAUSE.toMillis()));
        timer = vertx.setPeriodic(millis, id -> {
            if (isDue()) {
                renew(server).onFailure(failure -> LOG.error("The runtime API's certificate is not renewed", failure));
            }
        });
    }

    public void stop() {
        boolean ignored = vertx.cancelTimer(timer);
    }

    /** Until when the one in use is valid. */
    public Instant notAfter() {
        return Objects.requireNonNull(current, "there is one from the start")
                .getNotAfter()
                .toInstant();
    }

    private boolean isDue() {
        Instant end = notAfter();
        return Instant.now().isAfter(end.minus(life.dividedBy(3)));
    }

    private Future<Boolean> renew(HttpServer server) {
        X509Certificate before = current;
        return vertx.executeBlocking(this::issued)
                .compose(issued -> server.updateSSLOptions(new ServerSSLOptions()
                        .setClientAuth(ClientAuth.REQUEST)
                        .setKeyCertOptions(issued)
                        .setTrustOptions(callers)
                        .setEnabledSecureTransportProtocols(PROTOCOLS)))
                .onFailure(notShown -> current = before);
    }

    private PemKeyCertOptions issued() {
        KeyPair keys = Authority.newKeyPair();
        X509Certificate certificate =
                authority.issue(new Leaf("sluice-control-plane", keys.getPublic(), names, List.of(Leaf.SERVER), life));
        current = certificate;
        return new PemKeyCertOptions()
                .addKeyValue(Buffer.buffer(AuthorityForm.keyPem(keys.getPrivate())))
                .addCertValue(Buffer.buffer(Pem.write(certificate) + authority.pem()));
    }
}
