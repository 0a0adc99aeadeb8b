package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import dev.sluice.runtime.Limits;
import dev.sluice.runtime.MadeCertificate;
import dev.sluice.runtime.request.RawHttp2Client.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may ask for, and how long it may take: each limit with its own answer. */
final class ClientLimitsTest {
    @Test
    void headerSectionsAreLimitedInBytesAndFields() {
        try (TestGateway gateway =
                new TestGateway(Limits.of("SLUICE_MAX_HEADER_BYTES", "2000", "SLUICE_MAX_HEADER_COUNT", "10"))) {
            gateway.serveNothing("{'paths':['/other']}");
            String[] ten = IntStream.range(0, 9).mapToObj(i -> "X: y").toArray(String[]::new);
            String[] eleven = IntStream.range(0, 10).mapToObj(i -> "X: y").toArray(String[]::new);

            assertThat(gateway.get("/", ten).status()).isEqualTo(404);
            assertThat(gateway.get("/", eleven).status()).isEqualTo(431);
            assertThat(gateway.get("/", "X: " + "y".repeat(1_900)).status()).isEqualTo(404);
            RawResponse refused = gateway.get("/", "X: " + "y".repeat(2_000));
            assertThat(refused.status()).isEqualTo(431);
            assertThat(refused.text()).contains("Request header or cookie too large");
            assertThat(gateway.requestsFailed("HEADERS_TOO_LARGE")).isEqualTo(2);
        }
    }

    @Test
    void overHttp2TheyAreTooAndOtherStreamsGoOn() {
        try (TestGateway gateway = new TestGateway(Limits.of(
                        "SLUICE_MAX_HEADER_BYTES",
                        "2000",
                        "SLUICE_MAX_HEADER_COUNT",
                        "10",
                        "SLUICE_MAX_URI_BYTES",
                        "300",
                        "SLUICE_MAX_BODY_BYTES",
                        "10"));
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            gateway.serveNothing("{'paths':['/other']}");
            String[] eleven = IntStream.range(0, 22).mapToObj(i -> "x").toArray(String[]::new);

            assertThat(client.get(1, "/", eleven).reply(1).status()).isEqualTo(431);
            assertThat(client.get(3, "/", "x", "y".repeat(2_000)).reply(3).status())
                    .isEqualTo(431);
            assertThat(client.get(5, "/" + "a".repeat(300)).reply(5).status()).isEqualTo(414);
            client.post(7, "/", "content-length", "11");
            assertThat(client.reply(7).status()).isEqualTo(413);
            assertThat(client.get(9, "/").reply(9).status()).isEqualTo(404);
            // Beyond what is decoded at all, the codec says so.
            assertThat(client.get(11, "/", "x", "y".repeat(5_000)).reply(11).status())
                    .isEqualTo(431);
        }
    }

    @Test
    void urisAreLimited() {
        try (TestGateway gateway = new TestGateway(Limits.of("SLUICE_MAX_URI_BYTES", "300"))) {
            gateway.serveNothing("{'paths':['/other']}");

            assertThat(gateway.get("/" + "a".repeat(299)).status()).isEqualTo(404);
            RawResponse refused = gateway.get("/" + "a".repeat(300));
            assertThat(refused.status()).isEqualTo(414);
            assertThat(refused.text()).contains("URI too long");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bodiesAreLimitedWhetherTheySayTheirLengthOrNot(boolean buffered) {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway(Limits.of("SLUICE_MAX_BODY_BYTES", "10"));
                RawClient fits = gateway.client();
                RawClient said = gateway.client();
                RawClient unsaid = gateway.client();
                RawHttp2Client http2 = new RawHttp2Client(gateway.port())) {
            gateway.serve(upstream.port(), "{'paths':['/'],'request_buffering':" + buffered + "}");
            String post = "POST / HTTP/1.1\r\nHost: a\r\n";
            String chunked = post + "Transfer-Encoding: chunked\r\n\r\n";

            fits.send(chunked + "a\r\n0123456789\r\n0\r\n\r\n");
            said.send(post + "Content-Length: 11\r\n\r\n");
            unsaid.send(chunked + "a\r\n0123456789\r\n1\r\nx\r\n");
            http2.post(1, "/");
            http2.data(1, false, "0123456789").data(1, false, "x");

            assertThat(fits.read().status()).isEqualTo(200);
            RawResponse refused = said.read();
            assertThat(refused.status()).isEqualTo(413);
            assertThat(refused.text()).contains("Request body too large");
            assertThat(refused.header("connection")).isEqualTo("close");
            assertThat(unsaid.read().status()).isEqualTo(413);
            assertThat(http2.reply(1).status()).isEqualTo(413);
            assertThat(upstream.requests()).hasSize(1);
            assertThat(gateway.requestsFailed("BODY_TOO_LARGE")).isEqualTo(3);
        }
    }

    @Test
    void headerSectionsMustBeWholeInTime() {
        try (TestGateway gateway = new TestGateway(Limits.of("SLUICE_CLIENT_HEADER_MS", "300"));
                RawClient slow = gateway.client();
                RawClient second = gateway.client()) {
            gateway.serveNothing("{'paths':['/other']}");

            assertThat(second.get("/").status()).isEqualTo(404);
            slow.send("GET / HTTP/1.1\r\nHost: a\r\nX-Slow");
            second.send("G");

            for (RawClient client : List.of(slow, second)) {
                RawResponse answer = client.read();
                assertThat(answer.status()).isEqualTo(408);
                assertThat(answer.header("connection")).isEqualTo("close");
                assertThat(client.isClosedByPeer()).isTrue();
            }
            assertThat(gateway.requestsFailed("REQUEST_TIMEOUT")).isEqualTo(2);
        }
    }

    /** One byte now and then is no progress. */
    @Test
    void dribblingDoesNotStretchTheTime() {
        try (TestGateway gateway = new TestGateway(
                        Limits.of("SLUICE_CLIENT_HEADER_MS", "300", "SLUICE_MAX_HEADER_COUNT", "10000"));
                RawClient slow = gateway.client()) {
            gateway.serveNothing("{'paths':['/other']}");

            slow.send("GET / HTTP/1.1\r\nHost: a\r\n");
            TestGateway.await("refused", () -> {
                try {
                    slow.send("X: y\r\n");
                } catch (java.io.UncheckedIOException e) {
                    return true; // refused and gone
                }
                return gateway.requestsFailed("REQUEST_TIMEOUT") == 1;
            });

            assertThat(gateway.requestsFailed("REQUEST_TIMEOUT")).isEqualTo(1);
        }
    }

    /** RFC 9113 3.4: its preface goes on with SETTINGS. */
    @ParameterizedTest
    @ValueSource(strings = {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0"})
    void aClientThatBeginsHttp2AndSaysNoMoreIsClosed(String said) throws IOException {
        try (TlsGateway gateway = new TlsGateway(new TestGateway(Limits.of("SLUICE_CLIENT_HEADER_MS", "300")))) {
            gateway.sni("*", gateway.certificate(MadeCertificate.leaf("any", "EC P-256", null)));
            gateway.swap();
            SSLSocket socket = (SSLSocket) TlsClient.context()
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), gateway.port());
            SSLParameters http2 = socket.getSSLParameters();
            http2.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(http2);
            socket.setSoTimeout((int) TestGateway.PATIENCE.toMillis());
            try (RawClient byTls = new RawClient(socket);
                    RawClient clear = gateway.gateway().client()) {
                for (RawClient client : List.of(byTls, clear)) {
                    client.send(said);
                    assertThat(client.in().readAllBytes()).isNotEmpty(); // its own SETTINGS, and the end
                }
                assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBodyThatStopsEndsTheRequest(boolean buffered) {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway(Limits.of("SLUICE_CLIENT_BODY_MS", "300"));
                RawClient client = gateway.client();
                RawHttp2Client http2 = new RawHttp2Client(gateway.port())) {
            Route route = gateway.serve(upstream.port(), "{'paths':['/'],'request_buffering':" + buffered + "}");

            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
            http2.post(1, "/");
            http2.data(1, false, "abc");

            assertThat(client.read().status()).isEqualTo(408);
            Reply reply = http2.reply(1);
            assertThat(reply.status()).isEqualTo(408);
            assertThat(reply.ended()).isTrue();
            assertThat(http2.get(3, "/").reply(3).status()).isEqualTo(200);
            assertThat(gateway.counted(route, 408)).isEqualTo(2);
        }
    }

    @Test
    void connectionsWithNothingToDoAreClosed() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway(Limits.of("SLUICE_CLIENT_IDLE_MS", "2000"));
                RawClient silent = gateway.client();
                RawClient used = gateway.client();
                RawHttp2Client http2 = new RawHttp2Client(gateway.port())) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            assertThat(used.get("/").status()).isEqualTo(200);
            assertThat(http2.get(1, "/").reply(1).status()).isEqualTo(200);

            assertThat(silent.isClosedByPeer()).isTrue();
            assertThat(used.isClosedByPeer()).isTrue();
            assertThat(http2.isClosedByPeer()).isTrue();
            assertThat(http2.goAwayCode()).isZero();
            assertThat(gateway.total()).isEqualTo(2);
        }
    }

    @Test
    void connectionsAreLimitedInAll() throws IOException {
        try (TestGateway gateway = new TestGateway(Limits.of("SLUICE_MAX_CONNECTIONS", "2"));
                RawClient first = gateway.client();
                RawClient second = gateway.client()) {
            gateway.serveNothing("{'paths':['/other']}");
            assertThat(first.get("/").status()).isEqualTo(404);
            assertThat(second.get("/").status()).isEqualTo(404);

            try (RawClient third = gateway.client()) {
                assertThat(third.isClosedByPeer()).isTrue();
            }
            assertThat(gateway.connectionsRefused("too_many")).isEqualTo(1);
            first.socket().close();

            TestGateway.await("room for another", () -> answers(gateway));
            assertThat(second.get("/").status()).isEqualTo(404);
        }
    }

    @Test
    void connectionsAreLimitedForEachAddress() throws IOException {
        try (TestGateway gateway = new TestGateway(Limits.of("SLUICE_MAX_CONNECTIONS_PER_ADDRESS", "1"));
                RawClient first = gateway.client()) {
            gateway.serveNothing("{'paths':['/other']}");
            assertThat(first.get("/").status()).isEqualTo(404);

            try (RawClient second = gateway.client()) {
                assertThat(second.isClosedByPeer()).isTrue();
            }
            assertThat(gateway.connectionsRefused("too_many_from_address")).isEqualTo(1);
            first.socket().close();

            TestGateway.await("room for another", () -> answers(gateway));
        }
    }

    private static boolean answers(TestGateway gateway) {
        try (RawClient client = gateway.client()) {
            return client.get("/").status() == 404;
        } catch (java.io.UncheckedIOException e) {
            return false;
        }
    }
}
