package dev.sluice.runtime.upstream;

import dev.sluice.model.trust.Pem;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Upstreams whose certificates come from some authorities, through so many others at most. The platform checks the chain
 * and the host's name; it does not count.
 */
final class AuthoritiesTrusted extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager platform;
    private final List<X509Certificate> authorities;
    private final @Nullable Integer depth;

    private AuthoritiesTrusted(X509ExtendedTrustManager platform, @Nullable Integer depth) {
        this.platform = platform;
        this.authorities = List.of(platform.getAcceptedIssuers());
        this.depth = depth;
    }

    /**
     * @param authorities in PEM; none for the platform's
     * @param depth how many certificates there may be between an upstream's own and an authority; null for any number
     */
    static AuthoritiesTrusted of(List<String> authorities, @Nullable Integer depth) {
        try {
            KeyStore store = null;
            if (!authorities.isEmpty()) {
                store = KeyStore.getInstance(KeyStore.getDefaultType());
                store.load(null, null);
                for (int i = 0; i < authorities.size(); i++) {
                    store.setCertificateEntry(
                            Integer.toString(i),
                            Pem.certificates(authorities.get(i)).get(0));
                }
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager platform) {
                    return new AuthoritiesTrusted(platform, depth);
                }
            }
            throw new IllegalStateException("The platform trusts nobody");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("The authorities cannot be used", e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        platform.checkServerTrusted(chain, authType, engine);
        checkDepth(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        platform.checkServerTrusted(chain, authType, socket);
        checkDepth(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        platform.checkServerTrusted(chain, authType);
        checkDepth(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("Upstreams are no clients");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("Upstreams are no clients");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("Upstreams are no clients");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.toArray(new X509Certificate[0]);
    }

    /** The chain is good, that is known by now; how long is it, up to the first that an authority issued or is? */
    private void checkDepth(X509Certificate[] chain) throws CertificateException {
        if (depth == null) {
            return;
        }
        int most = Math.min(chain.length, depth + 1);
        for (X509Certificate certificate : Arrays.asList(chain).subList(0, most)) {
            if (authorities.contains(certificate) || authorities.stream().anyMatch(by -> issued(by, certificate))) {
                return;
            }
        }
        throw new CertificateException("More than " + depth + " certificates between the upstream's and an authority");
    }

    private static boolean issued(X509Certificate authority, X509Certificate certificate) {
        if (!authority.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            return false;
        }
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
