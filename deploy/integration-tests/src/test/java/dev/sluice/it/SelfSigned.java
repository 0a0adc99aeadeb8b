package dev.sluice.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/**
 * A certificate that signed itself, made by the JDK's keytool.
 *
 * @param cert in PEM
 * @param key PKCS #8 in PEM
 */
record SelfSigned(String cert, String key) {
    private static final String ALIAS = "made";
    private static final String PASSWORD = "changeit";

    /** @param directory for the key store */
    static SelfSigned of(String name, Path directory) throws IOException {
        Path store = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-validity",
                        "90",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:" + name)
                .inheritIO()
                .start();
        try (InputStream in = made(keytool, store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            return new SelfSigned(
                    pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()),
                    pem(
                            "PRIVATE KEY",
                            keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static InputStream made(Process keytool, Path store) throws IOException {
        try {
            if (keytool.waitFor(60, TimeUnit.SECONDS) && keytool.exitValue() == 0) {
                return Files.newInputStream(store);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        keytool.destroyForcibly();
        throw new AssertionError("keytool made no key store");
    }

    private static String pem(String type, byte[] der) {
        String lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
    }
}
