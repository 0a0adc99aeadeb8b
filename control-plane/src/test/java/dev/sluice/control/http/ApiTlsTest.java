package dev.sluice.control.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.settings.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SelfSignedCertificate;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The REST API over TLS: which versions, which headers, and certificates that are replaced while it runs. */
@ExtendWith(VertxExtension.class)
@SuppressWarnings("NullAway.Init") // JUnit sets them first
class ApiTlsTest {
    @TempDir
    Path directory;

    private Path chain;
    private Path key;

    @BeforeEach
    void files() throws IOException {
        chain = directory.resolve("api.crt");
        key = directory.resolve("api.key");
        put(SelfSignedCertificate.create("localhost"));
    }

    @Test
    void itSpeaksTls12And13AndSaysThatItStaysSo(Vertx vertx) throws Exception {
        int port = listen(vertx).port();
        for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
            HttpClientResponse response = get(vertx, port, protocol);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.getHeader("Strict-Transport-Security")).isEqualTo("max-age=31536000");
        }
        assertThatThrownBy(() -> get(vertx, port, "TLSv1.1")).isNotNull();
        var client = vertx.createHttpClient(options("TLSv1.3"));
        HttpClientResponse login =
                await(client.request(request(port).setMethod(HttpMethod.GET).setURI("/cookie"))
                        .compose(request -> request.send()));
        await(client.close());
        assertThat(login.getHeader("Set-Cookie"))
                .isEqualTo("__Host-sluice_session=abc; Path=/; HttpOnly; SameSite=Strict; Secure");
    }

    @Test
    void aNewCertificateIsTakenOverAndABadOneIsNot(Vertx vertx) throws Exception {
        int port = listen(vertx).port();
        X509Certificate first = shown(vertx, port);
        SelfSignedCertificate second = SelfSignedCertificate.create("localhost");
        Files.copy(Path.of(second.certificatePath()), chain, StandardCopyOption.REPLACE_EXISTING);
        assertStays(vertx, port, first); // its key has not come yet
        Files.copy(Path.of(second.privateKeyPath()), key, StandardCopyOption.REPLACE_EXISTING);
        X509Certificate taken = awaitOther(vertx, port, first);

        Files.writeString(chain, "no certificate");
        assertStays(vertx, port, taken);
        Files.delete(chain);
        assertStays(vertx, port, taken);
        put(SelfSignedCertificate.create("localhost"));
        assertThat(awaitOther(vertx, port, taken)).isNotEqualTo(first);
    }

    @Test
    void aCertificateThatIsNoGoodKeepsTheServerFromStarting(Vertx vertx) throws IOException {
        Files.copy(
                Path.of(SelfSignedCertificate.create("localhost").privateKeyPath()),
                key,
                StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> listen(vertx))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "SLUICE_API_TLS_CERTIFICATE and SLUICE_API_TLS_KEY: the key is not that of the certificate");
        Files.writeString(key, "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----");
        assertThatThrownBy(() -> listen(vertx))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be read as PEM")
                .hasMessageNotContaining("c2VjcmV0");
    }

    private ApiServer listen(Vertx vertx) throws IOException, TimeoutException {
        ApiCertificate certificate = new ApiCertificate(
                Files.readString(chain).strip(), Files.readString(key).strip(), chain, key);
        assertThat(certificate.toString()).doesNotContain("BEGIN");
        ApiServer server = await(ApiServer.listen(vertx, new HostPort("127.0.0.1", 0), certificate));
        server.serve(Future::succeededFuture, router -> router.get("/cookie").handler(web -> {
            new TrustedProxies(List.of()).begin(web);
            web.response()
                    .putHeader("Set-Cookie", SessionCookie.begin(web, "abc"))
                    .end();
        }));
        return server;
    }

    private void put(SelfSignedCertificate certificate) throws IOException {
        Files.copy(Path.of(certificate.certificatePath()), chain, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(Path.of(certificate.privateKeyPath()), key, StandardCopyOption.REPLACE_EXISTING);
    }

    /** For longer than it takes the server to look twice. */
    private static void assertStays(Vertx vertx, int port, X509Certificate known) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (System.nanoTime() < end) {
            assertThat(shown(vertx, port)).isEqualTo(known);
        }
    }

    private static X509Certificate awaitOther(Vertx vertx, int port, X509Certificate known) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        X509Certificate now = shown(vertx, port);
        while (now.equals(known) && System.nanoTime() < end) {
            now = shown(vertx, port);
        }
        assertThat(now).isNotEqualTo(known);
        return now;
    }

    private static X509Certificate shown(Vertx vertx, int port) throws Exception {
        var client = vertx.createHttpClient(options("TLSv1.3"));
        // Read while the connection is open: a closed one has no session any more.
        X509Certificate[] shown = await(client.request(request(port))
                .compose(request -> request.send().map(response -> certificates(request.connection()))));
        client.close().onFailure(failure -> {
            throw new AssertionError(failure);
        });
        return shown[0];
    }

    private static X509Certificate[] certificates(HttpConnection connection) {
        try {
            return Arrays.stream(connection.sslSession().getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Over a connection of its own. */
    private static HttpClientResponse get(Vertx vertx, int port, String protocol) throws TimeoutException {
        var client = vertx.createHttpClient(options(protocol));
        HttpClientResponse response = await(client.request(request(port)).compose(request -> request.send()));
        client.close().onFailure(failure -> {
            throw new AssertionError(failure);
        });
        return response;
    }

    private static HttpClientOptions options(String protocol) {
        return new HttpClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setEnabledSecureTransportProtocols(Set.of(protocol));
    }

    private static RequestOptions request(int port) {
        return new RequestOptions().setHost("127.0.0.1").setPort(port).setURI("/health/live");
    }

    private static <T> T await(Future<T> future) throws TimeoutException {
        return future.await(20, TimeUnit.SECONDS);
    }
}
