package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GuardTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost:\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: user@a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a:port\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a:70000\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
                "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n",
                "GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET a HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\u00ff HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX-A : x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: a\u0000b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: a\u0001b\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent_Length: 3\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 4\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "G{T / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GARBAGE\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\n\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
            })
    void whatIsAmbiguousIsRefusedAndTheConnectionEnds(String request) {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            RawResponse answer = client.send(request).read();

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(answer.text()).contains("Bad request");
            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(upstream.requests()).isEmpty();
            assertThat(gateway.countedWithoutRoute(400)).isEqualTo(1);
            TestGateway.await("nothing in flight", () -> gateway.server().inFlight() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a:\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: A.example.com:8080\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n",
                "GET http://a HTTP/1.1\r\nHost: A:80\r\n\r\n",
                "GET http://a?x=1 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.0\r\n\r\n",
                "PURGE / HTTP/1.1\r\nHost: a\r\nX_Custom: y\r\n\r\n",
            })
    void whatIsClearIsServed(String request) {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            assertThat(client.send(request).read().status()).isEqualTo(200);
        }
    }

    /** RFC 9110 9.3.7: it asks about the server itself, and this one has nothing but what lies behind its routes. */
    @Test
    void optionsOfTheServerItselfAreRefusedAndNotPassedOn() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway();
                RawClient server = gateway.client();
                RawClient resource = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            assertThat(server.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(400);
            assertThat(server.isClosedByPeer()).isTrue();
            assertThat(upstream.requests()).isEmpty();
            assertThat(resource.send("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(200);
            assertThat(upstream.request().line()).isEqualTo("OPTIONS / HTTP/1.1");
        }
    }

    @Test
    void methodsThatAreNoBusinessOfAGatewayAreRefused() {
        try (TestGateway gateway = new TestGateway();
                RawClient trace = gateway.client();
                RawClient connect = gateway.client()) {
            assertThat(trace.send("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n").read().status())
                    .isEqualTo(405);
            assertThat(connect.send("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(501);
        }
    }

    @Test
    void whatIsTooLongIsRefusedByItsOwnStatus() {
        try (TestGateway gateway = new TestGateway();
                RawClient uri = gateway.client();
                RawClient headers = gateway.client()) {
            gateway.serveNothing("{'paths':['/other']}");

            RawResponse longUri = uri.send("GET /" + "a".repeat(9000) + " HTTP/1.1\r\nHost: a\r\n\r\n")
                    .read();
            RawResponse longHeaders = headers.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(20_000) + "\r\n\r\n")
                    .read();

            assertThat(longUri.status()).isEqualTo(414);
            assertThat(longHeaders.status()).isEqualTo(431);
            assertThat(uri.isClosedByPeer()).isTrue();
            assertThat(gateway.get("/" + "a".repeat(7000), "X: " + "a".repeat(7000))
                            .status())
                    .isEqualTo(404);
            assertThat(gateway.countedWithoutRoute(414)).isEqualTo(1);
            assertThat(gateway.countedWithoutRoute(431)).isEqualTo(1);
        }
    }
}
