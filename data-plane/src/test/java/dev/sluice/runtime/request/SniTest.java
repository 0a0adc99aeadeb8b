package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.runtime.MadeCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which certificate clients are shown (RFC 6066 section 3), and by what TLS. */
class SniTest {
    private static final MadeCertificate EXACT = MadeCertificate.leaf("exact", "EC P-256", null);
    private static final MadeCertificate LEFT = MadeCertificate.leaf("left", "RSA 2048", null);
    private static final MadeCertificate RIGHT = MadeCertificate.leaf("right", "EC P-384", null);
    private static final MadeCertificate ANY = MadeCertificate.leaf("any", "EC P-256", null);
    private static final MadeCertificate ANY_RSA = MadeCertificate.leaf("any-rsa", "RSA 2048", null);

    /** With a default, and without. */
    private static TlsGateway gateway;

    private static TlsGateway strict;

    @BeforeAll
    static void start() {
        gateway = new TlsGateway();
        UUID any = UUID.randomUUID();
        gateway.certificate(any, ANY, ANY_RSA);
        gateway.sni("*", any);
        strict = new TlsGateway();
        for (TlsGateway each : List.of(gateway, strict)) {
            each.route("{'paths':['/']}");
            each.sni("api.example.com", each.certificate(EXACT));
            each.sni("*.example.com", each.certificate(LEFT));
            each.sni("api.example.*", each.certificate(RIGHT));
            each.swap();
        }
    }

    @AfterAll
    static void stop() {
        gateway.close();
        strict.close();
    }

    @ParameterizedTest
    @CsvSource({
        "api.example.com, CN=exact",
        "API.EXAMPLE.COM, CN=exact",
        "www.example.com, CN=left",
        "api.example.org, CN=right",
        "www.example.org, CN=any",
        "a.b.example.com, CN=any",
        ", CN=any",
    })
    void theExactNameThenTheLeftmostThenTheRightmostWildcardThenTheDefault(String sni, String shown)
            throws IOException {
        assertThat(gateway.shown(sni, "TLSv1.3")).isEqualTo(shown);
        assertThat(gateway.shown(sni, "TLSv1.2")).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, CN=any-rsa", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, CN=any"})
    void aClientThatKnowsOneTypeOfKeyIsShownTheCertificateOfThatType(String suite, String shown) throws IOException {
        try (SSLSocket socket = (SSLSocket)
                TlsClient.context().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setSoTimeout((int) TestGateway.PATIENCE.toMillis());
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {suite});
            socket.startHandshake();
            assertThat(TlsClient.shown(socket)).isEqualTo(shown);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aNameWithoutACertificateIsToldSoAndCounted(String version) {
        double before = strict.gateway().handshakesFailed("unknown_name");
        assertThatThrownBy(() -> strict.shown("www.example.org", version))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("unrecognized_name");
        TestGateway.await(
                "the refusal is counted", () -> strict.gateway().handshakesFailed("unknown_name") == before + 1);
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, nothing_in_common", "TLSv1.3, no_certificate"})
    void withoutADefaultAClientThatAsksForNoNameIsRefusedAndCounted(String version, String reason) {
        double before = strict.gateway().handshakesFailed(reason);
        assertThatThrownBy(() -> strict.shown(null, version))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("handshake_failure");
        TestGateway.await("the refusal is counted", () -> strict.gateway().handshakesFailed(reason) == before + 1);
    }

    @Test
    void beforeAnyCertificateIsDeclaredEveryHandshakeIsRefused() {
        try (TestGateway empty = new TestGateway()) {
            empty.serve(9, "{'paths':['/']}");
            assertThat(empty.get("/").status()).isEqualTo(502); // plain http works
            assertThatThrownBy(() -> TlsClient.shown(empty.tlsPort(), "api.example.com"))
                    .isInstanceOf(SSLHandshakeException.class)
                    .hasMessageContaining("unrecognized_name");
            assertThatThrownBy(() -> TlsClient.shown(empty.tlsPort(), null))
                    .isInstanceOf(SSLHandshakeException.class)
                    .hasMessageContaining("handshake_failure");
        }
    }

    /** The platform's own client would ask for the first name again. */
    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aSessionIsResumedForItsOwnNameOnly(String version, @TempDir Path directory)
            throws IOException, InterruptedException {
        String session = directory.resolve("session").toString();
        assertThat(openssl(version, "-servername", "www.example.com", "-sess_out", session))
                .contains("New, TLS")
                .contains("subject=CN = left");
        assertThat(openssl(version, "-servername", "www.example.com", "-sess_in", session))
                .contains("Reused, TLS");
        assertThat(openssl(version, "-servername", "api.example.com", "-sess_in", session))
                .contains("New, TLS")
                .contains("subject=CN = exact");
    }

    @ParameterizedTest
    @CsvSource({"tls1_3, www.example.com, left", "tls1_2, api.example.org, right", "tls1_3, , any"})
    void opensslSeesTheSame(String version, String sni, String shown) throws IOException, InterruptedException {
        String answer = openssl("-" + version, sni == null ? "-noservername" : "-servername", sni == null ? "" : sni);
        assertThat(answer).contains("subject=CN = " + shown).contains("Verify return code");
    }

    @Test
    void opensslIsRefusedOlderVersions() throws IOException, InterruptedException {
        for (String version : List.of("-tls1", "-tls1_1")) {
            double before = gateway.gateway().handshakesFailed("nothing_in_common");
            assertThat(openssl(version, "-servername", "api.example.com", "-cipher", "DEFAULT@SECLEVEL=0"))
                    .contains("alert protocol version")
                    .doesNotContain("subject=CN");
            TestGateway.await(
                    "it is counted", () -> gateway.gateway().handshakesFailed("nothing_in_common") == before + 1);
        }
    }

    @Test
    void opensslIsRefusedCipherSuitesWithoutForwardSecrecyOrAuthenticatedEncryption()
            throws IOException, InterruptedException {
        assertThat(openssl("-tls1_2", "-cipher", "ECDHE-RSA-AES256-SHA384:AES128-SHA"))
                .contains("alert handshake failure");
    }

    /** What it prints of a connection over which one request is sent. */
    private static String openssl(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + gateway.port(), "-ign_eof"));
        Stream.of(arguments).filter(argument -> !argument.isEmpty()).forEach(command::add);
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            assumeThat(e).as("openssl is installed").isNull();
            throw e;
        }
        try (OutputStream input = process.getOutputStream()) {
            input.write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException ended) {
            // It was refused before it could send anything, and has printed that.
        }
        try (InputStream output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return text;
        }
    }
}
