package dev.sluice.runtime.identity;

import dev.sluice.model.trust.JoinToken;
import dev.sluice.model.trust.Pem;
import dev.sluice.runtime.tls.ServedCertificates;
import dev.sluice.runtime.tls.ShownIdentity;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.util.List;
import java.util.Set;

/** TLS (1.2 and 1.3) towards control planes; their host names are checked always. */
public final class ControlPlaneTls {
    private ControlPlaneTls() {}

    /** Before the runtime has joined: it shows nothing, and believes the authority that the token names. */
    public static HttpClientOptions joining(JoinToken token) {
        return options().setTrustOptions(TrustOptions.wrap(new PinnedAuthority(token.authority())));
    }

    /** Both sides show a certificate. */
    public static HttpClientOptions mutual(Identity identity) {
        PemTrustOptions authorities = new PemTrustOptions();
        identity.authorities().forEach(authority -> authorities.addCertValue(pem(Pem.write(authority))));
        return options()
                .setKeyCertOptions(KeyCertOptions.wrap(new ShownIdentity(List.of(identity.shown()))))
                .setTrustOptions(authorities);
    }

    private static HttpClientOptions options() {
        HttpClientOptions options = new HttpClientOptions().setSsl(true).setVerifyHost(true);
        // Named, since to find the platform's Vert.x reads all authorities that this trusts, which are none of ours.
        ServedCertificates.CIPHER_SUITES.forEach(options::addEnabledCipherSuite);
        return options.setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"));
    }

    private static Buffer pem(String text) {
        return Buffer.buffer(Pem.bytes(text));
    }
}
