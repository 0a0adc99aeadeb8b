package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How names of upstreams become addresses, and which of several is called. */
final class UpstreamNamesTest {
    private static final InetAddress SECOND = ControlledNames.address("127.0.0.2");

    private final ControlledNames names = new ControlledNames();

    @Test
    void hostKeepsTheNameThoughTheConnectionGoesToANumber() {
        names.set("named.test", "127.0.0.1");
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = names.gateway()) {
            gateway.serve(upstream.port(), "{'host':'named.test'}", "{'paths':['/']}");

            assertThat(gateway.get("/").status()).isEqualTo(200);
            assertThat(upstream.request().header("host")).isEqualTo("named.test:" + upstream.port());
        }
    }

    @Test
    void requestsGoToTheNewAddressOnceTheOldOneIsStale() {
        names.set("moved.test", "127.0.0.1");
        try (RawUpstream old = RawUpstream.answering(RawUpstream.OK);
                RawUpstream moved = RawUpstream.answering(SECOND, old.port(), RawUpstream.OK);
                TestGateway gateway = names.gateway();
                RawClient client = gateway.client()) {
            gateway.serve(old.port(), "{'host':'moved.test'}", "{'paths':['/']}");
            assertThat(client.get("/1").status()).isEqualTo(200);
            names.set("moved.test", "127.0.0.2");
            assertThat(client.get("/2").status()).isEqualTo(200);

            names.pass(Duration.ofSeconds(30));

            assertThat(client.get("/3").status()).isEqualTo(200);
            assertThat(old.requests()).extracting(RawUpstream.Request::path).containsExactly("/1", "/2");
            assertThat(moved.requests()).extracting(RawUpstream.Request::path).containsExactly("/3");
        }
    }

    @Test
    void callersOfOneNameShareOneLookupAndOthersDoNotWaitForIt() {
        names.set("slow.test", "127.0.0.1");
        names.hold();
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = names.gateway()) {
            gateway.serve(upstream.port(), "{'host':'slow.test'}", "{'paths':['/slow']}");
            gateway.serve(upstream.port(), "{}", "{'paths':['/number']}");
            List<RawClient> waiting =
                    List.of(gateway.client(), gateway.client(), gateway.client(), gateway.client(), gateway.client());
            waiting.forEach(client -> client.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n"));
            TestGateway.await("all wait", () -> gateway.server().inFlight() == waiting.size());
            TestGateway.await("the name is looked up", () -> names.lookups() > 0);

            for (int i = 0; i < 8; i++) {
                assertThat(gateway.get("/number").status()).isEqualTo(200);
            }
            TestGateway.await("they alone wait", () -> gateway.server().inFlight() == waiting.size());
            names.release();

            for (RawClient client : waiting) {
                assertThat(client.read().status()).isEqualTo(200);
                client.close();
            }
            assertThat(names.lookups()).isEqualTo(1);
        }
    }

    @Test
    void aLookupThatTakesTooLongIs504AndHarmsNoLaterRequest() {
        names.set("slow.test", "127.0.0.1");
        names.hold();
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = names.gateway()) {
            gateway.serve(upstream.port(), "{'host':'slow.test','connect_timeout':100,'retries':0}", "{'paths':['/']}");

            assertThat(gateway.get("/").status()).isEqualTo(504);
            assertThat(gateway.requestsFailed("CONNECT_TIMEOUT")).isEqualTo(1);
            names.release();

            TestGateway.await("it is served", () -> gateway.get("/").status() == 200);
        }
    }

    @Test
    void addressesAreKeptForAsLongAsDnsSaysAndASecondAtLeast() {
        names.set("short.test", "127.0.0.1");
        names.keep(Duration.ofSeconds(5));
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = names.gateway()) {
            gateway.serve(upstream.port(), "{'host':'short.test'}", "{'paths':['/']}");
            assertThat(gateway.get("/").status()).isEqualTo(200);
            names.pass(Duration.ofMillis(4_999));
            assertThat(gateway.get("/").status()).isEqualTo(200);
            assertThat(names.lookups()).isEqualTo(1);
            names.keep(Duration.ZERO);
            names.pass(Duration.ofMillis(1));
            assertThat(gateway.get("/").status()).isEqualTo(200);
            assertThat(names.lookups()).isEqualTo(2);
            names.pass(Duration.ofMillis(999));
            assertThat(gateway.get("/").status()).isEqualTo(200);
            assertThat(names.lookups()).isEqualTo(2);
        }
    }

    @Test
    void thatANameIsUnknownIsBelievedForASecond() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = names.gateway()) {
            gateway.serve(upstream.port(), "{'host':'new.test'}", "{'paths':['/']}");
            assertThat(gateway.get("/").status()).isEqualTo(503);
            names.set("new.test", "127.0.0.1");

            assertThat(gateway.get("/").status()).isEqualTo(503);
            assertThat(names.lookups()).isEqualTo(1);
            names.pass(Duration.ofSeconds(1));

            assertThat(gateway.get("/").status()).isEqualTo(200);
            assertThat(gateway.requestsFailed("NAME_RESOLUTION")).isEqualTo(2);
        }
    }

    @Test
    void whileNobodyAnswersTheLastAddressesServeForFiveMinutes() {
        names.set("kept.test", "127.0.0.1");
        names.keep(Duration.ofSeconds(30));
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = names.gateway()) {
            gateway.serve(upstream.port(), "{'host':'kept.test','retries':0}", "{'paths':['/']}");
            assertThat(gateway.get("/").status()).isEqualTo(200);
            names.silent(true);
            names.pass(Duration.ofSeconds(30));
            assertThat(gateway.get("/").status()).isEqualTo(200);
            assertThat(names.lookups()).isEqualTo(2);

            names.hold();
            names.pass(Duration.ofSeconds(269));
            assertThat(gateway.get("/").status())
                    .as("without waiting for a lookup that hangs")
                    .isEqualTo(200);
            TestGateway.await("it is asked again", () -> names.lookups() == 3);
            names.pass(Duration.ofSeconds(1));
            names.release();

            assertThat(gateway.get("/").status()).isEqualTo(503);
            names.silent(false);
            names.pass(Duration.ofSeconds(1));
            assertThat(gateway.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void thatANameIsUnknownIsBelievedThoughItHadAddressesAndNobodyAnswersLater() {
        names.set("gone.test", "127.0.0.1");
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = names.gateway()) {
            gateway.serve(upstream.port(), "{'host':'gone.test'}", "{'paths':['/']}");
            assertThat(gateway.get("/").status()).isEqualTo(200);
            names.set("gone.test");
            names.pass(Duration.ofSeconds(30));
            assertThat(gateway.get("/").status()).isEqualTo(503);
            names.silent(true);
            names.pass(Duration.ofSeconds(1));
            assertThat(gateway.get("/").status()).isEqualTo(503);
        }
    }

    @Test
    void anAddressThatIsDeniedByNowEndsWhatWasKnown() {
        names.set("turned.test", "127.0.0.1");
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = names.gateway("127.0.0.9/32")) {
            gateway.serve(upstream.port(), "{'host':'turned.test','retries':0}", "{'paths':['/']}");
            assertThat(gateway.get("/").status()).isEqualTo(200);
            names.set("turned.test", "127.0.0.9");
            names.pass(Duration.ofSeconds(30));
            int denied = gateway.get("/").status();
            assertThat(denied).isNotEqualTo(200);
            names.silent(true);
            names.pass(Duration.ofSeconds(1));
            assertThat(gateway.get("/").status()).isNotEqualTo(200);
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void whereOneAddressRefusesTheNextIsCalled() {
        names.set("two.test", "127.0.0.2", "127.0.0.1");
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = names.gateway()) {
            gateway.serve(upstream.port(), "{'host':'two.test','retries':0}", "{'paths':['/']}");

            for (int i = 0; i < 5; i++) {
                assertThat(gateway.get("/").status()).isEqualTo(200);
            }
            assertThat(gateway.attemptsFailed("CONNECT_REFUSED")).isZero();
        }
    }

    @Test
    void whereAllAddressesRefuseTheAttemptIsRefused() throws IOException {
        names.set("two.test", "127.0.0.2", "127.0.0.1");
        try (TestGateway gateway = names.gateway()) {
            gateway.serve(UpstreamFailureTest.closedPort(), "{'host':'two.test','retries':1}", "{'paths':['/']}");

            assertThat(gateway.get("/").status()).isEqualTo(502);
            assertThat(gateway.attemptsFailed("CONNECT_REFUSED")).isEqualTo(2);
        }
    }

    @Test
    void whereOneAddressDoesNotAnswerTheNextIsCalledWithinTheTimeToConnect() throws IOException {
        names.set("two.test", "127.0.0.2", "127.0.0.1");
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                ServerSocket full = new ServerSocket(upstream.port(), 1, SECOND);
                FilledBacklog filled = new FilledBacklog(full);
                TestGateway gateway = names.gateway()) {
            gateway.serve(filled.port(), "{'host':'two.test','connect_timeout':4000,'retries':0}", "{'paths':['/']}");

            assertThat(gateway.get("/").status()).isEqualTo(200);
            assertThat(gateway.attemptsFailed("CONNECT_TIMEOUT")).isZero();
            assertThat(upstream.requests()).hasSize(1);
        }
    }
}
