package dev.sluice.control.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * With what the REST API shows itself over TLS.
 *
 * @param chain PEM, the server's own certificate first
 * @param key PEM of its private key; a secret
 * @param chainFile where the chain was read from; null where it was given otherwise
 * @param keyFile where the key was read from; null where it was given otherwise
 */
public record ApiCertificate(
        String chain,
        String key,
        @Nullable Path chainFile,
        @Nullable Path keyFile) {
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

    /** Whether there may be a newer one some time. */
    boolean isFromFiles() {
        return chainFile != null || keyFile != null;
    }

    /** What the files say now; for a worker thread. */
    ApiCertificate newest() throws IOException {
        return new ApiCertificate(
                chainFile == null ? chain : Files.readString(chainFile).strip(),
                keyFile == null ? key : Files.readString(keyFile).strip(),
                chainFile,
                keyFile);
    }

    /**
     * Reads and checks them; for a worker thread.
     *
     * @throws IOException saying what is wrong, without the key
     */
    ServerSSLOptions options(Vertx vertx) throws IOException {
        PemKeyCertOptions pem =
                new PemKeyCertOptions().addCertValue(Buffer.buffer(chain)).addKeyValue(Buffer.buffer(key));
        check(pem, vertx);
        return new ServerSSLOptions()
                .setKeyCertOptions(pem)
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setUseAlpn(true);
    }

    private static void check(PemKeyCertOptions pem, Vertx vertx) throws IOException {
        boolean belongTogether;
        try {
            belongTogether = belongTogether(pem, vertx);
        } catch (Exception e) {
            // Not as the cause: what reads PEM may quote it.
            throw new IOException(
                    "certificate or key cannot be read as PEM (" + e.getClass().getSimpleName() + ")");
        }
        if (!belongTogether) {
            throw new IOException("the key is not that of the certificate");
        }
    }

    private static boolean belongTogether(PemKeyCertOptions pem, Vertx vertx) throws Exception {
        for (KeyManager manager : pem.getKeyManagerFactory(vertx).getKeyManagers()) {
            if (manager instanceof X509KeyManager own) {
                for (String type : new String[] {"RSA", "EC", "EdDSA"}) {
                    String[] aliases = own.getServerAliases(type, null);
                    if (aliases != null && aliases.length > 0) {
                        return signs(own.getPrivateKey(aliases[0]), own.getCertificateChain(aliases[0])[0]);
                    }
                }
            }
        }
        return false;
    }

    private static boolean signs(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "EdDSA";
                };
        byte[] text = {1, 2, 3};
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(text);
        byte[] signed = signing.sign();
        Signature verifying = Signature.getInstance(algorithm);
        verifying.initVerify(certificate.getPublicKey());
        verifying.update(text);
        return verifying.verify(signed);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "ApiCertificate[chainFile=" + chainFile + ", keyFile=" + keyFile + "]";
    }
}
