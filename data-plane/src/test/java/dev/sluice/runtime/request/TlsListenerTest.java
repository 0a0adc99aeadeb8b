package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.config.Route;
import dev.sluice.runtime.MadeCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Requests that come over TLS, and certificates that change under them (RULES.md: "Which route" 5 and 7,
 * "Headers").
 */
class TlsListenerTest {
    private static final MadeCertificate FIRST = MadeCertificate.leaf("first", "EC P-256", null);
    private static final MadeCertificate SECOND = MadeCertificate.leaf("second", "EC P-256", null);

    private final TlsGateway gateway = new TlsGateway();

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void theUpstreamIsToldThatTheClientCameByHttpsAndToWhichPort() throws IOException {
        gateway.route("{'paths':['/']}");
        gateway.sni("*", gateway.certificate(FIRST));
        gateway.swap();
        try (RawClient client = connect("api.example.com")) {
            assertThat(client.get("/", "api.example.com").text())
                    .contains("x-forwarded-proto: https\n")
                    .contains("x-forwarded-port: " + gateway.port() + "\n");
        }
        assertThat(gateway.gateway().get("/").text()).contains("x-forwarded-proto: http\n");
    }

    @Test
    void theGuardStandsBehindTls() throws IOException {
        gateway.route("{'paths':['/']}");
        gateway.sni("*", gateway.certificate(FIRST));
        gateway.swap();
        try (RawClient client = connect("a")) {
            assertThat(client.get("/", "a").status()).isEqualTo(200);
            RawResponse answer =
                    client.send("GET  / HTTP/1.1\r\nHost: a\r\n\r\n").read();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(client.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void snisOfRoutesAreComparedOnTlsAndIgnoredOnPlainHttp() throws IOException {
        Route other = gateway.route("{'paths':['/'],'protocols':['http','https']}");
        Route named = gateway.route("{'paths':['/'],'snis':['api.example.com.'],'protocols':['http','https']}");
        gateway.sni("*", gateway.certificate(FIRST));
        gateway.swap();
        try (RawClient client = connect("api.example.com")) {
            assertThat(routeOf(client, "api.example.com")).isEqualTo(named.id());
        }
        try (RawClient client = connect("www.example.com")) {
            assertThat(routeOf(client, "www.example.com")).isEqualTo(other.id());
        }
        try (RawClient client = connect(null)) {
            assertThat(routeOf(client, "api.example.com")).isEqualTo(other.id());
        }
        assertThat(gateway.gateway().get("/").status()).isEqualTo(200);
        assertThat(gateway.gateway().counted(named, 200))
                .as("by TLS, and by plain http")
                .isEqualTo(2);
    }

    @Test
    void anHttpsOnlyRouteIsServedOnTlsAndElseTellsToUseIt() throws IOException {
        gateway.route("{'paths':['/upgrade'],'protocols':['https']}");
        gateway.route("{'paths':['/redirect'],'protocols':['https'],'https_redirect_status_code':308}");
        gateway.sni("*", gateway.certificate(FIRST));
        gateway.swap();
        RawResponse upgrade = gateway.gateway().get("/upgrade");
        assertThat(upgrade.status()).isEqualTo(426);
        assertThat(upgrade.header("upgrade")).isEqualTo("TLS/1.2, HTTP/1.1");
        assertThat(upgrade.header("connection")).isEqualTo("Upgrade");
        assertThat(upgrade.text()).contains("Please use HTTPS protocol");
        RawResponse redirect = gateway.gateway().get("/redirect/a?b=c");
        assertThat(redirect.status()).isEqualTo(308);
        assertThat(redirect.header("location")).isEqualTo("https://example.com:" + gateway.port() + "/redirect/a?b=c");
        try (RawClient client = connect(null)) {
            assertThat(client.get("/upgrade").status()).isEqualTo(200);
            assertThat(client.get("/redirect").status()).isEqualTo(200);
        }
    }

    @Test
    void aRequestForAHostThatIsShownAnotherCertificateIsMisdirected() throws IOException {
        gateway.route("{'paths':['/']}");
        UUID first = gateway.certificate(FIRST);
        gateway.sni("a.example.com", first);
        gateway.sni("b.example.com", first);
        gateway.sni("c.example.com", gateway.certificate(SECOND));
        gateway.swap();
        try (RawClient client = connect("a.example.com")) {
            assertThat(client.get("/", "A.example.com:443").status()).isEqualTo(200);
            assertThat(client.get("/", "b.example.com").status())
                    .as("the same certificate")
                    .isEqualTo(200);
            assertThat(client.get("/", "c.example.com").status())
                    .as("another certificate")
                    .isEqualTo(421);
            assertThat(client.get("/", "d.example.com").status())
                    .as("no certificate")
                    .isEqualTo(421);
            assertThat(client.get("/", "a.example.com").status())
                    .as("the connection stays")
                    .isEqualTo(200);
        }
        assertThat(gateway.gateway().requestsFailed("MISDIRECTED")).isEqualTo(2);
    }

    @Test
    void aCertificateIsReplacedUnderTwoHundredOpenConnectionsAndNoneDrops() throws IOException {
        gateway.route("{'paths':['/']}");
        UUID id = gateway.certificate(FIRST);
        gateway.sni("api.example.com", id);
        gateway.swap();
        SSLContext context = TlsClient.context();
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                SSLSocket socket = gateway.connect(context, "api.example.com");
                assertThat(TlsClient.shown(socket)).isEqualTo("CN=first");
                RawClient client = new RawClient(socket);
                clients.add(client);
                assertThat(client.get("/", "api.example.com").status()).isEqualTo(200);
            }
            gateway.certificate(id, SECOND, null);
            gateway.swap();
            assertThat(gateway.shown("api.example.com"))
                    .as("the first handshake after the swap")
                    .isEqualTo("CN=second");
            try (SSLSocket resuming = gateway.connect(context, "api.example.com")) {
                assertThat(TlsClient.shown(resuming))
                        .as("a session of the old certificate is not resumed")
                        .isEqualTo("CN=second");
            }
            for (RawClient client : clients) {
                assertThat(client.get("/", "api.example.com").status()).isEqualTo(200);
            }
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    @Test
    void http2ComesByAlpnAndHttp11WithoutIt() throws IOException, InterruptedException {
        gateway.route("{'paths':['/']}");
        gateway.sni("*", gateway.certificate(FIRST));
        gateway.swap();
        HttpClient client =
                HttpClient.newBuilder().sslContext(TlsClient.context()).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + gateway.port() + "/a"))
                .POST(HttpRequest.BodyPublishers.ofString("hello"))
                .timeout(TestGateway.PATIENCE)
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.body()).contains("x-forwarded-proto: https\n");
        try (RawClient old = connect(null)) {
            assertThat(old.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void aCertificateIsReplacedUnderOpenHttp2ConnectionsAndNoneDrops() throws IOException {
        gateway.route("{'paths':['/']}");
        UUID id = gateway.certificate(FIRST);
        gateway.sni("*", id);
        gateway.swap();
        Vertx vertx = Vertx.vertx();
        try {
            HttpClientAgent client = vertx.createHttpClient(new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_2)
                    .setUseAlpn(true)
                    .setSsl(true)
                    .setTrustAll(true)
                    .setVerifyHost(false));
            List<HttpClientConnection> connections = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                connections.add(client.connect(new HttpConnectOptions()
                                .setHost("127.0.0.1")
                                .setPort(gateway.port())
                                .setSsl(true))
                        .await());
            }
            AtomicInteger closed = new AtomicInteger();
            connections.forEach(connection -> connection.closeHandler(gone -> closed.incrementAndGet()));
            assertThat(statuses(connections)).hasSize(200).containsOnly(200);
            gateway.certificate(id, SECOND, null);
            gateway.swap();
            assertThat(gateway.shown(null)).isEqualTo("CN=second");
            assertThat(statuses(connections)).hasSize(200).containsOnly(200);
            assertThat(closed).hasValue(0);
            client.close().await(); // one that nobody holds any more may be closed at any time
        } finally {
            vertx.close().await();
        }
    }

    private static List<Integer> statuses(List<HttpClientConnection> connections) {
        return connections.stream()
                .map(connection -> connection
                        .request(new RequestOptions().setURI("/"))
                        .compose(HttpClientRequest::send)
                        .compose(response -> response.body().map(response.statusCode()))
                        .await())
                .toList();
    }

    @Test
    void aSetThatDidNotChangeKeepsItsSessions() throws IOException {
        gateway.route("{'paths':['/']}");
        gateway.sni("api.example.com", gateway.certificate(FIRST));
        gateway.swap();
        SSLContext context = TlsClient.context();
        byte[] session;
        try (SSLSocket socket = gateway.connect(context, "api.example.com", "TLSv1.2")) {
            session = socket.getSession().getId();
        }
        gateway.route("{'paths':['/other']}");
        gateway.swap();
        try (SSLSocket socket = gateway.connect(context, "api.example.com", "TLSv1.2")) {
            assertThat(socket.getSession().getId()).isEqualTo(session);
        }
    }

    @Test
    void withItsSniACertificateIsGoneForNewHandshakesAndOpenConnectionsLiveOn() throws IOException {
        gateway.route("{'paths':['/']}");
        gateway.sni("api.example.com", gateway.certificate(FIRST));
        gateway.swap();
        try (RawClient client = connect("api.example.com")) {
            assertThat(client.get("/", "api.example.com").status()).isEqualTo(200);
            gateway.withdraw("api.example.com");
            gateway.swap();
            assertThatThrownBy(() -> gateway.shown("api.example.com")).isInstanceOf(SSLHandshakeException.class);
            assertThat(client.get("/", "api.example.com").status()).isEqualTo(200);
        }
    }

    private RawClient connect(@Nullable String sni) throws IOException {
        return new RawClient(gateway.connect(TlsClient.context(), sni));
    }

    private static UUID routeOf(RawClient client, String host) {
        RawResponse answer = client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\nSluice-Debug: 1\r\n\r\n")
                .read();
        return UUID.fromString(String.valueOf(answer.header("sluice-route-id")));
    }
}
