package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Targets share requests as their upstream says. */
final class BalancingTest {
    private static RawUpstream named(String name) {
        return RawUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + name);
    }

    /** Over one connection, so on one event loop. */
    private static String bodies(TestGateway gateway, int requests, String... headers) {
        StringBuilder bodies = new StringBuilder();
        try (RawClient client = gateway.client()) {
            for (int i = 0; i < requests; i++) {
                bodies.append(client.send("GET / HTTP/1.1\r\nHost: h\r\n" + String.join("\r\n", headers)
                                + (headers.length == 0 ? "" : "\r\n") + "\r\n")
                        .read()
                        .text());
            }
        }
        return bodies.toString();
    }

    private static Map<Character, Integer> counts(String bodies) {
        Map<Character, Integer> counts = new TreeMap<>();
        bodies.chars().forEach(body -> counts.merge((char) body, 1, Integer::sum));
        return counts;
    }

    @Test
    void roundRobinIsWeightedAndSmooth() {
        try (RawUpstream a = named("a");
                RawUpstream b = named("b");
                RawUpstream c = named("c");
                TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(gateway, "{}");
            balanced.target("127.0.0.1:" + a.port(), "{'weight':50}");
            balanced.target("127.0.0.1:" + b.port(), "{'weight':10}");
            balanced.target("127.0.0.1:" + c.port(), "{'weight':10}");

            String bodies = bodies(gateway, 14);

            assertThat(counts(bodies).toString()).isEqualTo("{a=10, b=2, c=2}");
            assertThat(bodies)
                    .doesNotContain("aaaaa")
                    .isEqualTo(bodies.substring(0, 7).repeat(2));
        }
    }

    @Test
    void weightZeroDrains() {
        try (RawUpstream a = named("a");
                RawUpstream b = named("b");
                TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(gateway, "{}");
            balanced.target("127.0.0.1:" + a.port(), "{'weight':0}");
            balanced.target("127.0.0.1:" + b.port(), "{}");

            assertThat(bodies(gateway, 4)).isEqualTo("bbbb");
        }
    }

    @Test
    void anUpstreamWithoutTargetsIs503() {
        try (TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(gateway, "{}");

            RawResponse answer = gateway.get("/");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).contains("failure to get a peer");
            assertThat(gateway.requestsFailed("NO_TARGET")).isEqualTo(1);
            assertThat(gateway.counted(balanced.route(), 503)).isEqualTo(1);
        }
    }

    @Test
    void hostIsTheTargetsUnlessTheUpstreamSaysAnother() {
        try (RawUpstream a = named("a");
                TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(gateway, "{}", "{}", "{'paths':['/'],'preserve_host':true}");
            balanced.target(a.port());
            gateway.get("/");
            balanced.upstream("{'host_header':'orders.example:81'}");
            gateway.get("/");

            assertThat(a.requests())
                    .extracting(request -> request.header("host"))
                    .containsExactly("example.com", "orders.example:81");
        }
    }

    @Test
    void leastConnectionsGoesWhereTheFewestRequestsAre() {
        CountDownLatch hold = new CountDownLatch(1);
        try (RawUpstream slow = new RawUpstream(connection -> {
                    while (connection.request() != null) {
                        hold.await();
                        connection.write(RawUpstream.OK);
                    }
                });
                RawUpstream quick = named("q");
                TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(gateway, "{'algorithm':'least-connections'}");
            balanced.target(slow.port());
            balanced.target(quick.port());
            List<RawClient> waiting = new ArrayList<>();
            while (slow.requests().isEmpty()) {
                RawClient client = gateway.client();
                waiting.add(client);
                client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                int sent = waiting.size();
                TestGateway.await(
                        "it arrived",
                        () -> slow.requests().size() + quick.requests().size() == sent);
            }
            TestGateway.await(
                    "only the slow one is left", () -> gateway.server().inFlight() == 1);

            assertThat(bodies(gateway, 6)).isEqualTo("qqqqqq");
            hold.countDown();
            waiting.forEach(RawClient::close);
        }
    }

    /** (requests + 1) / weight: three times the weight, three of each four. */
    @Test
    void leastConnectionsCountsByWeight() {
        CountDownLatch hold = new CountDownLatch(1);
        RawUpstream.Behaviour holding = connection -> {
            while (connection.request() != null) {
                hold.await();
                connection.write(RawUpstream.OK);
            }
        };
        try (RawUpstream heavy = new RawUpstream(holding);
                RawUpstream light = new RawUpstream(holding);
                TestGateway gateway = new TestGateway();
                RawHttp2Client client = new RawHttp2Client(gateway.port())) { // one event loop, and its turns
            Balanced balanced = new Balanced(gateway, "{'algorithm':'least-connections'}");
            balanced.target("127.0.0.1:" + heavy.port(), "{'weight':300}");
            balanced.target("127.0.0.1:" + light.port(), "{'weight':100}");

            for (int i = 0; i < 12; i++) {
                client.get(2 * i + 1, "/");
            }

            TestGateway.await(
                    "all have arrived",
                    () -> heavy.requests().size() + light.requests().size() == 12);
            assertThat(heavy.requests()).hasSize(9);
            hold.countDown();
            for (int i = 0; i < 12; i++) {
                assertThat(client.reply(2 * i + 1).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void latencyPrefersTheQuickerOne() {
        try (RawUpstream slow = new RawUpstream(connection -> {
                    while (connection.request() != null) {
                        new CountDownLatch(1).await(500, java.util.concurrent.TimeUnit.MILLISECONDS);
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ns");
                    }
                });
                RawUpstream quick = named("q");
                TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(gateway, "{'algorithm':'latency'}");
            balanced.target(slow.port());
            balanced.target(quick.port());
            assertThat(bodies(gateway, 4)).hasSize(4);

            assertThat(counts(bodies(gateway, 20)).getOrDefault('q', 0)).isGreaterThanOrEqualTo(18);
        }
    }

    @Test
    void equalKeysGoToOneTargetAndDifferentOnesToAll() {
        try (RawUpstream a = named("a");
                RawUpstream b = named("b");
                RawUpstream c = named("c");
                TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(
                    gateway,
                    "{'algorithm':'consistent-hashing','hash_on':'header','hash_on_header':'X-Key',"
                            + "'hash_fallback':'query_arg','hash_fallback_query_arg':'k'}");
            List.of(a, b, c).forEach(upstream -> balanced.target(upstream.port()));
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 40; i++) {
                String one = gateway.get("/", "X-Key: key" + i).text();
                assertThat(gateway.get("/other", "X-Key: key" + i).text()).isEqualTo(one);
                assertThat(gateway.get("/?a=1&k=key" + i).text()).isEqualTo(one);
                seen.add(one);
            }
            assertThat(seen).containsExactlyInAnyOrder("a", "b", "c");
        }
    }

    /** Two runtimes that were told the targets in another order, and under other ids. */
    @Test
    void aKeyGoesWhereTheNamesOfTargetsSaySoOnEveryRuntime() {
        String hashing = "{'algorithm':'consistent-hashing','hash_on':'query_arg','hash_on_query_arg':'k'}";
        try (RawUpstream a = named("a");
                RawUpstream b = named("b");
                RawUpstream c = named("c");
                TestGateway one = new TestGateway();
                TestGateway other = new TestGateway()) {
            Balanced first = new Balanced(one, hashing);
            List.of(a, b, c).forEach(upstream -> first.target(upstream.port()));
            Balanced second = new Balanced(other, hashing);
            List.of(c, a, b).forEach(upstream -> second.target(upstream.port()));

            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 30; i++) {
                String at = one.get("/?k=key" + i).text();
                assertThat(other.get("/?k=key" + i).text()).isEqualTo(at);
                seen.add(at);
            }
            assertThat(seen).hasSizeGreaterThan(1);
        }
    }

    @Test
    void thePathOrTheClientsAddressMayBeTheKey() {
        try (RawUpstream a = named("a");
                RawUpstream b = named("b");
                TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(gateway, "{'algorithm':'consistent-hashing','hash_on':'path'}");
            balanced.target(a.port());
            balanced.target(b.port());
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                String one = gateway.get("/p" + i).text();
                assertThat(gateway.get("/./p" + i + "?x=1").text()).isEqualTo(one);
                seen.add(one);
            }
            assertThat(seen).hasSize(2);
            balanced.upstream("{'algorithm':'consistent-hashing','hash_on':'ip'}");
            String home = gateway.get("/").text();
            for (int i = 0; i < 10; i++) {
                assertThat(gateway.get("/p" + i).text()).isEqualTo(home);
            }
        }
    }

    @Test
    void aClientWithoutTheCookieGetsOneAndStays() {
        try (RawUpstream a = named("a");
                RawUpstream b = named("b");
                TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(
                    gateway,
                    "{'algorithm':'consistent-hashing','hash_on':'cookie','hash_on_cookie':'sid',"
                            + "'hash_on_cookie_path':'/shop'}");
            balanced.target(a.port());
            balanced.target(b.port());
            for (int i = 0; i < 10; i++) {
                RawResponse first = gateway.get("/");
                String cookie = Objects.requireNonNull(first.header("set-cookie"));
                assertThat(cookie).startsWith("sid=").endsWith("; Path=/shop; HttpOnly");
                String sent = cookie.substring(0, cookie.indexOf(';'));
                RawResponse second = gateway.get("/", "Cookie: x=1; " + sent);
                assertThat(second.header("set-cookie")).isNull();
                assertThat(second.text()).isEqualTo(first.text());
            }
        }
    }

    @Test
    void aGroupOfTheRoutesExpressionIsAKey() {
        try (RawUpstream a = named("a");
                RawUpstream b = named("b");
                TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(
                    gateway,
                    "{'algorithm':'consistent-hashing','hash_on':'uri_capture','hash_on_uri_capture':'user'}",
                    "{}",
                    "{'paths':['~/users/(?P<user>[a-z0-9]+)']}");
            balanced.target(a.port());
            balanced.target(b.port());
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                String one = gateway.get("/users/u" + i + "/orders").text();
                assertThat(gateway.get("/users/u" + i + "/bills?x").text()).isEqualTo(one);
                seen.add(one);
            }
            assertThat(seen).hasSize(2);
        }
    }

    @Test
    void allAddressesOfANameAreCalledAndNewOnesAreFound() {
        ControlledNames names = new ControlledNames();
        names.set("pool.test", "127.0.0.1", "127.0.0.2");
        try (RawUpstream first = named("1");
                RawUpstream second = RawUpstream.answering(
                        ControlledNames.address("127.0.0.2"),
                        first.port(),
                        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2");
                RawUpstream third = RawUpstream.answering(
                        ControlledNames.address("127.0.0.3"),
                        first.port(),
                        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n3");
                TestGateway gateway = names.gateway()) {
            Balanced balanced = new Balanced(gateway, "{}");
            balanced.target("pool.test:" + first.port(), "{}");

            assertThat(counts(bodies(gateway, 10)).toString()).isEqualTo("{1=5, 2=5}");
            assertThat(second.requests())
                    .extracting(request -> request.header("host"))
                    .containsOnly("pool.test:" + first.port());
            names.set("pool.test", "127.0.0.3");
            names.pass(Duration.ofSeconds(31));

            TestGateway.await("the new address alone", () -> bodies(gateway, 4).equals("3333"));
            assertThat(third.requests()).isNotEmpty();
        }
    }

    @Test
    void noAddressInADeniedNetworkIsCalled() {
        ControlledNames names = new ControlledNames();
        names.set("mixed.test", "127.0.0.1", "127.0.0.9");
        names.set("denied.test", "127.0.0.9");
        try (RawUpstream allowed = named("a");
                RawUpstream denied =
                        RawUpstream.answering(ControlledNames.address("127.0.0.9"), allowed.port(), RawUpstream.OK);
                TestGateway gateway = names.gateway("127.0.0.9/32")) {
            Balanced balanced = new Balanced(
                    gateway, "{'healthchecks':{'active':{'healthy':{'interval':0.05},'unhealthy':{'interval':0.05}}}}");
            balanced.target("mixed.test:" + allowed.port(), "{}");
            balanced.target("denied.test:" + allowed.port(), "{}");

            assertThat(bodies(gateway, 6)).isEqualTo("aaaaaa");
            TestGateway.await("it was checked", () -> allowed.requests().size() > 8);
            assertThat(denied.requests()).isEmpty();
        }
    }

    @Test
    void aRetryGoesToATargetThatWasNotTried() throws IOException {
        int closed = UpstreamFailureTest.closedPort();
        try (RawUpstream good = named("g");
                TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(gateway, "{}", "{'retries':2}", "{'paths':['/']}");
            balanced.target(closed);
            balanced.target("127.0.0.2:" + closed, "{}");
            balanced.target(good.port());

            // Ten retries, if each request meets both of the others, which is what the budget has in any case.
            assertThat(bodies(gateway, 5)).isEqualTo("g".repeat(5));
        }
    }
}
