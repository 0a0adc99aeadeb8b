package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes before an answer (RFC 9110 15.2): 100 (10.1.1), 103 (RFC 8297), and what nobody knows yet. */
final class InterimAnswersTest {
    private static final String HEAD =
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

    @Test
    void aBodyThatMayBeHeldBackIsAskedForHere() throws IOException {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            for (int i = 0; i < 2; i++) {
                assertThat(client.send(HEAD).readText(CONTINUE.length())).isEqualTo(CONTINUE);
                assertThat(gateway.gauge("sluice.attempts.active")).isZero();
                assertThat(client.send("hello").read().status()).isEqualTo(200);
            }
            assertThat(upstream.requests()).hasSize(2).allSatisfy(request -> {
                assertThat(request.header("expect")).isNull();
                assertThat(request.body()).isEqualTo("hello");
            });
        }
    }

    @Test
    void theUpstreamIsAskedWhetherItWantsABodyThatMayNot() throws IOException {
        AtomicBoolean asked = new AtomicBoolean();
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    asked.set("100-continue"
                            .equals(Objects.requireNonNull(connection.head()).header("expect")));
                    connection.write(CONTINUE);
                    assertThat(connection.in().readNBytes(5)).isEqualTo("hello".getBytes(StandardCharsets.US_ASCII));
                    connection.write(RawUpstream.OK);
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/'],'request_buffering':false}");

            assertThat(client.send(HEAD).readText(CONTINUE.length())).isEqualTo(CONTINUE);
            assertThat(client.send("hello").read().status()).isEqualTo(200);
            assertThat(asked).isTrue();
        }
    }

    @Test
    void aBodyThatTheUpstreamDoesNotWantIsNotAskedFor() throws IOException {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.head();
                    connection.write("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/'],'request_buffering':false}");

            String all = client.send(HEAD).readText(Integer.MAX_VALUE);

            assertThat(all)
                    .startsWith("HTTP/1.1 417 ")
                    .contains("\r\nconnection: close\r\n")
                    .endsWith("no");
        }
    }

    @Test
    void aBodyThatGoesNowhereIsNotAskedFor() throws IOException {
        try (TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serveNothing("{'paths':['/']}");

            String all = client.send(HEAD).readText(Integer.MAX_VALUE);

            assertThat(all).startsWith("HTTP/1.1 503 ").contains("\r\nconnection: close\r\n");
        }
    }

    @Test
    void earlyHintsArePassedOn() throws IOException {
        String hints = "HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\nkeep-alive: timeout=5\r\n\r\n";
        try (RawUpstream upstream = RawUpstream.answering(hints + RawUpstream.OK);
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client();
                RawClient old = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            RawResponse early = client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").read(false);
            assertThat(early.status()).isEqualTo(103);
            assertThat(early.header("link")).isEqualTo("</style.css>; rel=preload");
            assertThat(early.header("keep-alive")).isNull();
            assertThat(client.read().text()).isEqualTo("ok");
            assertThat(old.send("GET / HTTP/1.0\r\nHost: h\r\n\r\n").read().text())
                    .isEqualTo("ok");
        }
    }

    private static String interim(int status) {
        return "HTTP/1.1 " + status + " Wait\r\nX-N: " + status
                + "\r\nContent-Length: 7\r\nConnection: X-Own\r\nX-Own: 1\r\n\r\n";
    }

    @Test
    void anyNumberOfOthersArePassedOnBeforeTheAnswer() throws IOException {
        try (RawUpstream upstream = RawUpstream.answering(
                        interim(102) + interim(103) + interim(199) + interim(102) + RawUpstream.OK);
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client();
                RawClient old = gateway.client();
                RawHttp2Client http2 = new RawHttp2Client(gateway.port())) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                for (int status : new int[] {102, 103, 199, 102}) {
                    RawResponse interim = client.read(false);
                    assertThat(interim.status()).isEqualTo(status);
                    assertThat(interim.names()).containsExactly("x-n");
                    assertThat(interim.header("x-n")).isEqualTo(Integer.toString(status));
                }
                assertThat(client.read().text()).isEqualTo("ok");
            }
            assertThat(old.send("GET / HTTP/1.0\r\nHost: h\r\n\r\n")
                            .readToHead()
                            .status())
                    .isEqualTo(200);
            RawHttp2Client.Reply reply = http2.get(1, "/").reply(1);
            assertThat(reply.interims())
                    .containsExactly(
                            Map.of(":status", "102", "x-n", "102"),
                            Map.of(":status", "103", "x-n", "103"),
                            Map.of(":status", "199", "x-n", "199"),
                            Map.of(":status", "102", "x-n", "102"));
            assertThat(reply.text()).isEqualTo("ok");
            assertThat(upstream.requests()).hasSize(4);
            assertThat(upstream.connectionCount()).as("one for each event loop").isLessThanOrEqualTo(2);
        }
    }

    @Test
    void thoseOfAnUpstreamThatSpeaksHttp2Too() {
        try (RawHttp2Upstream upstream = new RawHttp2Upstream(connection -> {
                    for (var call = connection.request(); call != null; call = connection.request()) {
                        for (String status : List.of("102", "103", "102")) {
                            connection.headers(call.stream(), false, ":status", status, "x-n", status);
                        }
                        connection.echo(call);
                    }
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client();
                RawHttp2Client http2 = new RawHttp2Client(gateway.port())) {
            gateway.serve(upstream.port(), "{'protocol':'grpc'}", "{'paths':['/'],'strip_path':false}");

            RawHttp2Client.Reply reply = http2.get(1, "/").reply(1);
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

            assertThat(reply.interims())
                    .extracting(fields -> fields.get(":status"))
                    .containsExactly("102", "103", "102");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.trailers()).containsEntry("grpc-status", "0");
            for (int status : new int[] {102, 103, 102}) {
                assertThat(client.read(false).status()).isEqualTo(status);
            }
            assertThat(client.read().trailers()).containsEntry("grpc-status", "0");
        }
    }

    @Test
    void anInterimAnswerThatEndsItsStreamIsNone() {
        try (RawHttp2Upstream upstream = new RawHttp2Upstream(connection -> {
                    for (var call = connection.request(); call != null; call = connection.request()) {
                        connection.headers(call.stream(), true, ":status", "103");
                    }
                });
                TestGateway gateway = new TestGateway();
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            gateway.serve(upstream.port(), "{'protocol':'grpc'}", "{'paths':['/'],'strip_path':false}");

            assertThat(client.get(1, "/").reply(1).status()).isEqualTo(502);
            assertThat(gateway.requestsFailed("INVALID_RESPONSE")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"100 Continue", "102 Processing", "103 Early Hints"})
    void anUpstreamThatNeverComesToItsAnswerHasNone(String status) {
        AtomicBoolean cut = new AtomicBoolean();
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    try {
                        while (connection.request() != null) {
                            while (true) {
                                connection.write("HTTP/1.1 " + status + "\r\n\r\n");
                            }
                        }
                    } catch (IOException e) {
                        cut.set(true);
                    }
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/'],'methods':['PUT']}");

            client.send("PUT / HTTP/1.0\r\nHost: h\r\nContent-Length: 0\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(502);
            assertThat(gateway.requestsFailed("INVALID_RESPONSE")).isEqualTo(1);
            TestGateway.await("hung up on", cut::get);
        }
    }
}
