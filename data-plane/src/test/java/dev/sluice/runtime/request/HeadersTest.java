package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import dev.sluice.model.net.Cidr;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HeadersTest {
    @Test
    void hostIsTheTargetsUnlessPreserved() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/own']}");
            gateway.serve(upstream.port(), "{'paths':['/kept'],'preserve_host':true}");

            gateway.get("/own");
            gateway.get("/kept");

            assertThat(upstream.requests())
                    .extracting(request -> request.header("host"))
                    .containsExactly("127.0.0.1:" + upstream.port(), "example.com");
        }
    }

    @Test
    void forwardedHeadersOfStrangersAreReplacedAndTheirAddressAppended() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/mock']}");

            gateway.get(
                    "/mock/a%20b?q=1",
                    "X-Forwarded-For: 9.9.9.9",
                    "X-Forwarded-Proto: https",
                    "X-Forwarded-Host: evil",
                    "X-Forwarded-Port: 1",
                    "X-Forwarded-Path: /evil",
                    "X-Forwarded-Prefix: /evil",
                    "X-Real-IP: 9.9.9.9",
                    "Via: 1.0 other");

            RawUpstream.Request request = upstream.request();
            assertThat(request.header("x-forwarded-for")).isEqualTo("9.9.9.9, 127.0.0.1");
            assertThat(request.header("x-forwarded-proto")).isEqualTo("http");
            assertThat(request.header("x-forwarded-host")).isEqualTo("example.com");
            assertThat(request.header("x-forwarded-port")).isEqualTo(Integer.toString(gateway.port()));
            assertThat(request.header("x-forwarded-path")).isEqualTo("/mock/a%20b");
            assertThat(request.header("x-forwarded-prefix")).isEqualTo("/mock");
            assertThat(request.header("x-real-ip")).isEqualTo("127.0.0.1");
            assertThat(request.header("via")).isEqualTo("1.0 other, 1.1 sluice");
        }
    }

    @Test
    void forwardedHeadersOfTrustedProxiesAreKept() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway(List.of(Cidr.parse("127.0.0.0/8")), Set.of(), true)) {
            gateway.serve(upstream.port(), "{'paths':['/mock']}");

            gateway.get(
                    "/mock",
                    "X-Forwarded-For: 9.9.9.9",
                    "X-Forwarded-Proto: https",
                    "X-Forwarded-Host: outer",
                    "X-Forwarded-Port: 444",
                    "X-Forwarded-Path: /outer/mock",
                    "X-Forwarded-Prefix: /outer",
                    "X-Real-IP: 9.9.9.9");
            gateway.get("/mock/a");

            RawUpstream.Request kept = upstream.requests().get(0);
            assertThat(kept.header("x-forwarded-for")).isEqualTo("9.9.9.9, 127.0.0.1");
            assertThat(kept.header("x-forwarded-proto")).isEqualTo("https");
            assertThat(kept.header("x-forwarded-host")).isEqualTo("outer");
            assertThat(kept.header("x-forwarded-port")).isEqualTo("444");
            assertThat(kept.header("x-forwarded-path")).isEqualTo("/outer/mock");
            assertThat(kept.header("x-forwarded-prefix")).isEqualTo("/outer");
            assertThat(kept.header("x-real-ip")).isEqualTo("9.9.9.9");
            RawUpstream.Request set = upstream.requests().get(1);
            assertThat(set.header("x-forwarded-for")).isEqualTo("127.0.0.1");
            assertThat(set.header("x-forwarded-path")).isEqualTo("/mock/a");
            assertThat(set.header("x-forwarded-prefix")).isEqualTo("/mock");
            assertThat(set.header("x-real-ip")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void whereNothingIsStrippedThereIsNoPrefixNotEvenASentOne() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/mock'],'strip_path':false}");

            gateway.get("/mock", "X-Forwarded-Prefix: /evil");

            assertThat(upstream.request().header("x-forwarded-prefix")).isNull();
        }
    }

    /** HTTP/2 has no Connection and what it names; what it may say is passed on, or not, as HTTP/1.1 is. */
    @Test
    void ofAClientOfHttp2TheUpstreamIsToldTheSame() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway();
                RawHttp2Client client = new RawHttp2Client(gateway.port())) {
            gateway.serve(upstream.port(), "{'paths':['/mock'],'preserve_host':true}");

            String[] fields = {
                "x-forwarded-for", "9.9.9.9",
                "x-forwarded-host", "evil",
                "x-real-ip", "9.9.9.9",
                "via", "2 other",
                "te", "trailers",
                "proxy-authenticate", "Basic",
                "proxy-authorization", "Basic YTpi",
                "x-request-id", "abc-1"
            };
            client.get(1, "/mock/x", fields);
            RawHttp2Client.Reply reply = client.reply(1);

            RawUpstream.Request request = upstream.request();
            assertThat(request.header("host")).isEqualTo("a");
            assertThat(request.header("x-forwarded-for")).isEqualTo("9.9.9.9, 127.0.0.1");
            assertThat(request.header("x-forwarded-host")).isEqualTo("a");
            assertThat(request.header("x-forwarded-proto")).isEqualTo("http");
            assertThat(request.header("x-forwarded-port")).isEqualTo(Integer.toString(gateway.port()));
            assertThat(request.header("x-forwarded-path")).isEqualTo("/mock/x");
            assertThat(request.header("x-forwarded-prefix")).isEqualTo("/mock");
            assertThat(request.header("x-real-ip")).isEqualTo("127.0.0.1");
            assertThat(request.header("via")).isEqualTo("2 other, 1.1 sluice");
            assertThat(request.header("x-request-id")).isEqualTo("abc-1");
            assertThat(request.header("te")).isEqualTo("trailers");
            assertThat(request.header("proxy-authenticate")).isNull();
            assertThat(request.header("proxy-authorization")).isEqualTo("Basic YTpi");
            assertThat(reply.headers())
                    .containsEntry("via", "1.1 sluice")
                    .containsEntry("x-request-id", "abc-1")
                    .containsKeys("x-sluice-upstream-latency", "x-sluice-proxy-latency");
        }
    }

    @Test
    void hopByHopHeadersStopHereBothWays() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.lines(
                                "HTTP/1.1 200 OK",
                                "Content-Length: 2",
                                "Connection: X-Hop, keep-alive",
                                "X-Hop: 1",
                                "Keep-Alive: timeout=9",
                                "Upgrade: h2c",
                                "Proxy-Connection: x",
                                "Proxy-Authenticate: Basic",
                                "X-Stays: 1",
                                "")
                        + "ok");
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            RawResponse answer = gateway.get(
                    "/",
                    "Connection: X-Drop, Content-Length",
                    "X-Drop: 1",
                    "Keep-Alive: 5",
                    "Proxy-Connection: keep-alive",
                    "Upgrade: websocket",
                    "TE: gzip, trailers",
                    "Proxy-Authenticate: Basic",
                    "Proxy-Authorization: Basic YTpi",
                    "X-Stays: 1",
                    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

            RawUpstream.Request request = upstream.request();
            for (String gone : List.of("x-drop", "keep-alive", "proxy-connection", "proxy-authenticate", "upgrade")) {
                assertThat(request.header(gone)).as(gone).isNull();
            }
            assertThat(request.header("te")).isEqualTo("trailers");
            assertThat(request.header("connection")).isEqualTo("te");
            assertThat(request.header("x-stays")).isEqualTo("1");
            assertThat(request.header("proxy-authorization")).isEqualTo("Basic YTpi");
            assertThat(request.header("traceparent")).startsWith("00-0af7651916cd43dd");
            assertThat(answer.names())
                    .doesNotContain("x-hop", "keep-alive", "upgrade", "proxy-connection", "connection");
            assertThat(answer.header("proxy-authenticate")).isEqualTo("Basic");
            assertThat(answer.header("x-stays")).isEqualTo("1");
        }
    }

    @Test
    void repeatedHeadersStayRepeatedInOrder() {
        try (RawUpstream upstream = RawUpstream.answering(
                        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nok");
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            RawResponse answer = gateway.get("/", "X-Many: 1", "X-Many: 2");

            assertThat(answer.all("set-cookie")).containsExactly("a=1", "b=2");
            assertThat(upstream.request().header("x-many")).isEqualTo("1 | 2");
        }
    }

    @Test
    void requestIdsAreKeptWhenSaneAndMadeWhenNot() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            assertThat(gateway.get("/", "X-Request-Id: abc-1").header("x-request-id"))
                    .isEqualTo("abc-1");
            String made = gateway.get("/", "X-Request-Id: <script>").header("x-request-id");
            assertThat(made).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
            assertThat(upstream.requests())
                    .extracting(request -> request.header("x-request-id"))
                    .containsExactly("abc-1", made);
        }
    }

    @Test
    void latenciesAreToldAndViaIsAppended() {
        try (RawUpstream upstream =
                        RawUpstream.answering("HTTP/1.1 200 OK\r\nVia: 1.0 other\r\nContent-Length: 2\r\n\r\nok");
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            RawResponse answer = gateway.get("/");

            assertThat(answer.header("x-sluice-upstream-latency")).matches("\\d+");
            assertThat(answer.header("x-sluice-proxy-latency")).matches("\\d+");
            assertThat(answer.header("x-sluice-response-latency")).isNull();
            assertThat(answer.header("via")).isEqualTo("1.0 other, 1.1 sluice");
        }
    }

    /** What is there and what is not, of the upstream's answer, of the gateway's own, and of what goes upstream. */
    @ParameterizedTest(name = "without {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "forwarded | x-forwarded-for x-forwarded-proto x-real-ip | |",
                "via | via | via |",
                "request_id | x-request-id | x-request-id | x-request-id",
                "latency | | x-sluice-upstream-latency x-sluice-proxy-latency | x-sluice-response-latency",
            })
    void eachFamilyCanBeTurnedOffAndTheOthersStay(
            String family, @Nullable String sent, @Nullable String answered, @Nullable String own) {
        Set<String> upstreams = Set.of("x-forwarded-for", "x-forwarded-proto", "x-real-ip", "via", "x-request-id");
        Set<String> clients = Set.of("x-sluice-upstream-latency", "x-sluice-proxy-latency", "via", "x-request-id");
        Set<String> gateways = Set.of("x-sluice-response-latency", "x-request-id");
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway(List.of(), Set.of(family), true)) {
            gateway.serve(upstream.port(), "{'paths':['/served']}");

            RawResponse answer = gateway.get("/served");
            RawResponse refused = gateway.get("/none");

            for (String header : upstreams) {
                assertThat(upstream.request().header(header) == null)
                        .as(header + " upstream")
                        .isEqualTo(has(sent, header));
            }
            for (String header : clients) {
                assertThat(answer.header(header) == null).as(header).isEqualTo(has(answered, header));
            }
            for (String header : gateways) {
                assertThat(refused.header(header) == null)
                        .as(header + " of the gateway")
                        .isEqualTo(has(own, header));
            }
        }
    }

    private static boolean has(@Nullable String words, String word) {
        return words != null && List.of(words.split(" ", -1)).contains(word);
    }

    @Test
    void allFamiliesCanBeTurnedOff() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway =
                        new TestGateway(List.of(), Set.of("forwarded", "via", "request_id", "latency"), true)) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            RawResponse answer = gateway.get("/");

            assertThat(answer.names()).containsExactly("content-length");
            assertThat(upstream.request().headers()).hasSize(1).allMatch(header -> header.startsWith("host:"));
        }
    }

    @Test
    void anHttpsOnlyRouteIsServedWhereATrustedProxyHasSpokenTls() {
        String https = "X-Forwarded-Proto: https";
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway trusting = new TestGateway(List.of(Cidr.parse("127.0.0.0/8")), Set.of(), true);
                TestGateway wary = new TestGateway()) {
            trusting.serve(upstream.port(), "{'protocols':['https'],'paths':['/']}");
            wary.serve(upstream.port(), "{'protocols':['https'],'paths':['/']}");

            assertThat(trusting.get("/", https).status()).isEqualTo(200);
            assertThat(trusting.get("/").status()).isEqualTo(426);
            assertThat(wary.get("/", https).status()).isEqualTo(426);
        }
    }

    @Test
    void theWinningRouteIsToldWhereThatIsAllowed() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway open = new TestGateway();
                TestGateway closed = new TestGateway(List.of(), Set.of(), false)) {
            Route route = open.serve(upstream.port(), "{'name':'mockbin','paths':['/']}");
            closed.serve(upstream.port(), "{'name':'mockbin','paths':['/']}");

            RawResponse told = open.get("/", "Sluice-Debug: 1");

            assertThat(told.header("sluice-route-id")).isEqualTo(route.id().toString());
            assertThat(told.header("sluice-route-name")).isEqualTo("mockbin");
            assertThat(told.header("sluice-version-id"))
                    .isEqualTo(route.versionId().toString());
            assertThat(open.get("/").names()).doesNotContain("sluice-route-id");
            assertThat(closed.get("/", "Sluice-Debug: 1").names()).doesNotContain("sluice-route-id");
        }
    }
}
