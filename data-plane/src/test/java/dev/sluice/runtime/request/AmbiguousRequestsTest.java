package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.request.guard.RawRequests;
import dev.sluice.runtime.request.guard.RawRequests.Refused;
import dev.sluice.runtime.request.guard.RawRequests.Served;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is ambiguous or malformed is answered and the connection closed, and whatever hides behind it never comes to an
 * upstream: shown over sockets, in front of an upstream that remembers every octet. All at once, because each connection
 * stays open for a moment after its answer.
 */
final class AmbiguousRequestsTest {
    private static final int CLIENTS = 32;

    /** What one client saw. */
    private record Seen(int status, String connection, boolean closed) {}

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void areRefusedAndNothingOfThemIsForwarded(boolean buffered) throws Exception {
        List<Refused> rows = RawRequests.refused();
        assertThat(rows).hasSizeGreaterThan(60);
        try (RecordingUpstream upstream = new RecordingUpstream();
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/'],'request_buffering':" + buffered + "}");

            List<Seen> atOnce = sendAll(gateway, rows, "/at-once", false);
            String forwarded = upstream.octets();
            List<Seen> octetByOctet = sendAll(gateway, rows, "/slowly", true);

            assertThat(forwarded).isEmpty();
            if (buffered) {
                assertThat(upstream.octets()).isEmpty();
            }
            // Else the head of a request whose body is bad may have gone out; its end never did, nor what came after
            // it.
            assertThat(upstream.octets()).doesNotContain("smuggled").doesNotContain("\r\n0\r\n");
            assertThat(upstream.served()).isZero();
            SoftAssertions softly = new SoftAssertions();
            for (int i = 0; i < rows.size(); i++) {
                Seen wanted = new Seen(rows.get(i).status(), "close", true);
                softly.assertThat(atOnce.get(i)).as(rows.get(i) + " at once").isEqualTo(wanted);
                softly.assertThat(octetByOctet.get(i))
                        .as(rows.get(i) + " octet by octet")
                        .isEqualTo(wanted);
            }
            softly.assertAll();
            assertThat(gateway.total()).isEqualTo(2L * rows.size());
            TestGateway.await("nothing in flight", () -> gateway.server().inFlight() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsRareButClearIsServed(boolean buffered) {
        try (RecordingUpstream upstream = new RecordingUpstream();
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/'],'request_buffering':" + buffered + "}");
            for (Served row : RawRequests.served()) {
                for (boolean slowly : List.of(false, true)) {
                    int before = upstream.served();
                    try (RawClient client = gateway.client()) {
                        send(client, row.text("/x"), slowly);
                        for (int i = 0; i < row.bodies().size(); i++) {
                            assertThat(client.read().status())
                                    .as(row.toString())
                                    .isEqualTo(200);
                        }
                    }
                    assertThat(upstream.bodies().subList(before, upstream.served()))
                            .as(row.toString())
                            .isEqualTo(row.bodies());
                }
            }
        }
    }

    @Test
    void aGoodRequestIsAnsweredBeforeTheBadOneBehindIt() {
        try (RecordingUpstream upstream = new RecordingUpstream();
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            client.send("GET /good HTTP/1.1\r\nHost: a\r\n\r\nGET /bad HTTP/1.1\nHost: a\n\n" + RawRequests.SMUGGLED);

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.read().status()).isEqualTo(400);
            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(upstream.octets()).contains("/good").doesNotContain("/bad", "smuggled");
        }
    }

    private static List<Seen> sendAll(TestGateway gateway, List<Refused> rows, String path, boolean slowly)
            throws InterruptedException, ExecutionException {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<Seen>> answers = new ArrayList<>();
            for (Refused row : rows) {
                answers.add(clients.submit(() -> exchange(gateway, row.text(path), slowly)));
            }
            List<Seen> seen = new ArrayList<>();
            for (Future<Seen> answer : answers) {
                seen.add(answer.get());
            }
            return seen;
        } finally {
            clients.shutdown();
        }
    }

    private static Seen exchange(TestGateway gateway, String request, boolean slowly) {
        try (RawClient client = gateway.client()) {
            send(client, request, slowly);
            RawResponse answer = client.read();
            return new Seen(answer.status(), String.valueOf(answer.header("connection")), client.isClosedByPeer());
        } catch (UncheckedIOException e) {
            return new Seen(0, e.toString(), false);
        }
    }

    private static void send(RawClient client, String request, boolean slowly) {
        byte[] octets = request.getBytes(StandardCharsets.ISO_8859_1);
        if (!slowly) {
            client.send(octets);
            return;
        }
        for (byte octet : octets) {
            client.send(new byte[] {octet});
        }
    }
}
