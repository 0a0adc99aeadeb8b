package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that an operator or a name server says makes the gateway call an address in a denied network. */
final class DeniedUpstreamTest {
    private final ControlledNames names = new ControlledNames();

    @Test
    void aNameAtADeniedAddressIs502AndIsNotTriedAgain() {
        names.set("metadata.test", "169.254.169.254");
        try (TestGateway gateway = names.gateway()) {
            Route route = gateway.serve(80, "{'host':'metadata.test','retries':5}", "{'paths':['/']}");

            RawResponse answer = gateway.get("/");

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.text()).contains("The upstream's address is not allowed");
            assertThat(gateway.requestsFailed("ADDRESS_DENIED")).isEqualTo(1);
            assertThat(gateway.attemptsFailed("ADDRESS_DENIED")).isEqualTo(1);
            assertThat(gateway.counted(route, 502)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "::ffff:a9fe:a9fe",
                "::ffff:169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::1",
                "fe80::1",
                "fd00:ec2::254",
                "100.100.100.200",
                "0.0.0.0",
                "::",
                "224.0.0.1",
                "255.255.255.255"
            })
    void deniedAddressesAre502AndNobodyIsAsked(String host) {
        try (TestGateway gateway = names.gateway()) {
            gateway.serve(80, "{'host':'" + host + "'}", "{'paths':['/']}");

            assertThat(gateway.get("/").status()).isEqualTo(502);
            assertThat(gateway.requestsFailed("ADDRESS_DENIED")).isEqualTo(1);
            assertThat(names.lookups()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0xa9fea9fe", "0xa9.0xfe.0xa9.0xfe"})
    void whatAResolverMakesAnAddressOfIsCheckedAsThatAddress(String host) {
        names.set(host, "169.254.169.254");
        try (TestGateway gateway = names.gateway()) {
            gateway.serve(80, "{'host':'" + host + "'}", "{'paths':['/']}");

            assertThat(gateway.get("/").status()).isEqualTo(502);
            assertThat(gateway.requestsFailed("ADDRESS_DENIED")).isEqualTo(1);
        }
    }

    @Test
    void networksOfTheSettingAreDeniedToo() {
        names.set("here.test", "127.0.0.1");
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = names.gateway("127.0.0.0/8")) {
            gateway.serve(upstream.port(), "{}", "{'paths':['/number']}");
            gateway.serve(upstream.port(), "{'host':'here.test'}", "{'paths':['/name']}");

            assertThat(gateway.get("/number").status()).isEqualTo(502);
            assertThat(gateway.get("/name").status()).isEqualTo(502);
            assertThat(gateway.requestsFailed("ADDRESS_DENIED")).isEqualTo(2);
            assertThat(upstream.connectionCount()).isZero();
        }
    }

    @Test
    void aNameThatTurnsToADeniedAddressIsNoLongerCalledNotEvenOverAnOpenConnection() {
        names.set("rebound.test", "127.0.0.1");
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = names.gateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'host':'rebound.test'}", "{'paths':['/']}");
            assertThat(client.get("/").status()).isEqualTo(200);
            names.set("rebound.test", "169.254.169.254");

            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(names.lookups()).isEqualTo(1);
            names.pass(Duration.ofSeconds(30));

            assertThat(client.get("/").status()).isEqualTo(502);
            assertThat(names.lookups()).isEqualTo(2);
            assertThat(gateway.requestsFailed("ADDRESS_DENIED")).isEqualTo(1);
            assertThat(upstream.requests()).hasSize(2);
            assertThat(upstream.connectionCount()).isEqualTo(1);
        }
    }

    @Test
    void aNameIsServedAgainOneSecondAfterItLeftTheDeniedNetwork() {
        names.set("mended.test", "169.254.0.7");
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = names.gateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'host':'mended.test'}", "{'paths':['/']}");
            assertThat(client.get("/").status()).isEqualTo(502);
            names.set("mended.test", "127.0.0.1");

            names.pass(Duration.ofSeconds(1));

            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void ofAnAllowedAndADeniedAddressTheAllowedOneIsCalled() {
        names.set("both.test", "fe80::1", "169.254.169.254", "127.0.0.1");
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = names.gateway()) {
            gateway.serve(upstream.port(), "{'host':'both.test','retries':0}", "{'paths':['/']}");

            assertThat(gateway.get("/").status()).isEqualTo(200);
            assertThat(gateway.get("/").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectsAreTheClientsToFollow(int status) {
        try (RawUpstream other = RawUpstream.answering(RawUpstream.OK)) {
            String location = "http://127.0.0.1:" + other.port() + "/latest/meta-data/";
            String redirect = RawUpstream.lines(
                    "HTTP/1.1 " + status + " Elsewhere", "Location: " + location, "Content-Length: 0", "");
            try (RawUpstream upstream = RawUpstream.answering(redirect);
                    TestGateway gateway = names.gateway()) {
                gateway.serve(upstream.port(), "{}", "{'paths':['/']}");

                RawResponse answer = gateway.get("/");

                assertThat(answer.status()).isEqualTo(status);
                assertThat(answer.header("location")).isEqualTo(location);
                assertThat(other.connectionCount()).isZero();
                assertThat(upstream.requests()).hasSize(1);
            }
        }
    }
}
