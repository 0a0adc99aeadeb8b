package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What comes before an answer: 100 (RFC 9110 10.1.1) and 103 (RFC 8297). */
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
}
