package dev.sluice.runtime.identity;

import dev.sluice.model.snapshot.Digest;
import dev.sluice.model.trust.Fingerprints;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Believes servers whose chain ends in the one certificate authority that a join token names by its SHA-256, under the
 * host name or address that was called (RFC 2818). For engines alone: whoever cannot say which host was called is not
 * believed.
 */
final class PinnedAuthority extends X509ExtendedTrustManager {
    private final Digest authority;

    PinnedAuthority(Digest authority) {
        this.authority = authority;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        SSLParameters parameters = engine.getSSLParameters();
        if (!"HTTPS".equals(parameters.getEndpointIdentificationAlgorithm())) {
            throw new CertificateException("The server's name would not be checked");
        }
        X509Certificate last = chain[chain.length - 1];
        if (!Fingerprints.of(last).equals(authority.hex())) {
            throw new CertificateException("The control plane's chain of certificates ends in one with SHA-256 "
                    + Fingerprints.of(last) + ", the join token names the certificate authority " + authority.hex());
        }
        believing(last).checkServerTrusted(chain, authType, engine);
    }

    private static X509ExtendedTrustManager believing(X509Certificate authority) throws CertificateException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("authority", authority);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
            throw new CertificateException("This Java platform checks no certificates");
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateException("The certificate authority cannot be checked against", e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("Not without the server's name");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("Not without the server's name");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("No client is believed");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("No client is believed");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("No client is believed");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
