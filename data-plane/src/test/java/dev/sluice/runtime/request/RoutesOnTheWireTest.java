package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import dev.sluice.runtime.MadeCertificate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which route takes a request, over sockets: in the clear by HTTP/1.1 and by HTTP/2, and over TLS. Requests are written as
 * method, host, path and headers.
 */
@SuppressWarnings("NullAway.Init") // BeforeAll sets it
final class RoutesOnTheWireTest {
    private static final String NONE = "none";
    private static TlsGateway gateway;

    @BeforeAll
    static void start() {
        gateway = new TlsGateway();
        gateway.sni("*", gateway.certificate(MadeCertificate.leaf("any", "EC P-256", null)));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest(name = "{0}: {1} takes {3} (server name {2}): {4}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // what | route | server name asked for by TLS | request | whether the route takes it
                "values of a field are alternatives | {'methods':['GET','PUT'],'paths':['/x','/y']} | - | PUT a.io /y | true",
                "all fields that are set must match | {'methods':['GET'],'paths':['/x']} | - | PUT a.io /x | false",
                "all fields that are set must match | {'methods':['GET'],'hosts':['b.io']} | - | GET a.io / | false",
                "an unset field does not matter | {'hosts':['a.io']} | - | DELETE a.io /any x:y | true",
                "a host without port matches any | {'hosts':['a.io']} | - | GET a.io:8080 / | true",
                "a host with a port matches that | {'hosts':['a.io:8080']} | - | GET a.io:8080 / | true",
                "a host with a port matches only that | {'hosts':['a.io:8080']} | - | GET a.io:81 / | false",
                "no port means 80 over http | {'hosts':['a.io:80']} | - | GET a.io / | true",
                "no port means 80 over http alone | {'hosts':['a.io:80']} | a.io | GET a.io / | false",
                "no port means 443 over https | {'hosts':['a.io:443']} | a.io | GET a.io / | true",
                "no port means 443 over https alone | {'hosts':['a.io:443']} | - | GET a.io / | false",
                "a wildcard is one character | {'hosts':['*.a.io']} | - | GET b.a.io / | true",
                "a wildcard is more characters | {'hosts':['*.a.io']} | - | GET c.b.a.io:9 / | true",
                "a wildcard is not nothing | {'hosts':['*.a.io']} | - | GET a.io / | false",
                "a wildcard may be rightmost | {'hosts':['a.*']} | - | GET a.co.uk / | true",
                "a wildcard with a port matches that | {'hosts':['*.a.io:81']} | - | GET b.a.io:81 / | true",
                "a wildcard with a port matches only that | {'hosts':['*.a.io:81']} | - | GET b.a.io / | false",
                "hosts compare whatever the case | {'hosts':['A.example']} | - | GET a.EXAMPLE / | true",
                "names of headers AND | {'headers':{'x':['1'],'y':['2']}} | - | GET a / x:1 | false",
                "names of headers AND | {'headers':{'x':['1'],'y':['2']}} | - | GET a / x:1 y:2 | true",
                "values of headers OR | {'headers':{'x':['1','2']}} | - | GET a / x:2 | true",
                "values of headers compare whatever the case | {'headers':{'X':['One']}} | - | GET a / x:oNE | true",
                "values of headers compare as a whole | {'headers':{'x':['1']}} | - | GET a / x:11 | false",
                "~* starts a regex | {'headers':{'x':['~*^v[0-9]+$']}} | - | GET a / x:V12 | true",
                "~* starts a regex | {'headers':{'x':['~*^v[0-9]+$']}} | - | GET a / x:v | false",
                "any instance of a header may match | {'headers':{'x':['2']}} | - | GET a / x:1 x:2 | true",
                "a prefix compares on the normalised path | {'paths':['/a/b']} | - | GET a /x/../%61//b | true",
                "a prefix compares with its case | {'paths':['/a']} | - | GET a /A | false",
                "a prefix is one of characters | {'paths':['/mock']} | - | GET a /mockery | true",
                "a prefix of whole segments is none | {'paths':['/mock'],'path_match':'segment'} | - | GET a /mockery | false",
                "a prefix of whole segments | {'paths':['/mock'],'path_match':'segment'} | - | GET a /mock/ery | true",
                "a regex is anchored at the start | {'paths':['~/u/[0-9]+']} | - | GET a /x/u/1 | false",
                "a regex is anchored at the start only | {'paths':['~/u/[0-9]+']} | - | GET a /u/1x/y | true",
                "no regex hangs | {'paths':['~/(a*)*b$']} | - | GET a /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | false",
                "methods compare exactly | {'methods':['GET']} | - | get a / | false",
                "server names compare | {'snis':['a.io'],'paths':['/']} | a.io | GET a.io / | true",
                "server names compare exactly | {'snis':['a.io'],'paths':['/']} | b.a.io | GET a.io / | false",
                "server names compare without a last dot | {'snis':['a.io.'],'paths':['/']} | a.io | GET a.io / | true",
                "server names are ignored on plain http | {'snis':['a.io'],'paths':['/']} | - | GET b.io / | true",
            })
    void aRouteTakes(String rule, String route, @Nullable String sni, String request, boolean taken)
            throws IOException {
        gateway.serveAlone(List.of(named("it", route)));

        for (String winner : winners(sni, request)) {
            assertThat(winner).as(rule).isEqualTo(taken ? "it" : NONE);
        }
    }

    /** Both take the request; the first of the two must win, whichever is declared first. */
    @ParameterizedTest(name = "{2}: {0} before {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{'methods':['GET'],'snis':['a.b.io']} | {'hosts':['a.b.io']} | more kinds of field",
                "{'hosts':['a.b.io']} | {'headers':{'x':['1']}} | host over header",
                "{'headers':{'x':['1']}} | {'paths':['/p/q']} | header over path",
                "{'paths':['/']} | {'methods':['GET']} | path over method",
                "{'methods':['GET']} | {'snis':['a.b.io']} | method over SNI",
                "{'hosts':['*.b.io:443']} | {'hosts':['a.b.io']} | wildcard host with a port, then plain hosts",
                "{'hosts':['a.b.io']} | {'hosts':['*.b.io']} | plain hosts before wildcards",
                "{'hosts':['a.b.io'],'paths':['/']} | {'hosts':['*.b.io'],'paths':['~/p']} | plain hosts, then a regex path",
                "{'paths':['~/p']} | {'paths':['/p/q']} | having a regex path",
                "{'paths':['~/p'],'headers':{'x':['1']}} | {'paths':['/p'],'headers':{'x':['1'],'y':['2']}} "
                        + "| a regex path, then more header names",
                "{'headers':{'x':['1'],'y':['2']}} | {'headers':{'x':['1']}} | more header names",
                "{'paths':['~/p/.*'],'regex_priority':1} | {'paths':['~/p/q/r']} | higher regex_priority",
                "{'paths':['/p/q']} | {'paths':['/p'],'regex_priority':9} | longer prefix",
                "{'paths':['/nothing','/p/q']} | {'paths':['/p','/else']} | once per path",
                "{'paths':['/p']} | {'paths':['/p'],'created_at':'2026-01-01T00:00:01Z'} | older created_at",
            })
    void theOrderIs(String first, String second, String why) throws IOException {
        String request = "GET a.b.io /p/q/r x:1 y:2";
        Route one = named("first", first);
        Route other = named("second", second);
        for (List<Route> routes : List.of(List.of(one, other), List.of(other, one))) {
            gateway.serveAlone(routes);
            assertThat(winners("a.b.io", request)).as(why).containsOnly("first");
        }
        gateway.serveAlone(List.of(other));
        assertThat(winners("a.b.io", request)).containsOnly("second");
    }

    @Test
    void ofEqualRoutesThatOfTheLowerIdWins() throws IOException {
        Route lower = named("lower", new UUID(0x7fffffff00000000L, 0), "{'paths':['/']}");
        Route higher = named("higher", new UUID(0x8000000000000000L, 0), "{'paths':['/']}");
        gateway.serveAlone(List.of(higher, lower));

        assertThat(winners(null, "GET a /")).containsOnly("lower");
    }

    @Test
    void theSchemeDoesNotChooseARoute() {
        Route secure = named("secure", "{'paths':['/a'],'protocols':['https']}");
        gateway.serveAlone(List.of(secure, named("plain", "{'paths':['/'],'protocols':['http']}")));

        assertThat(gateway.gateway().get("/a").status())
                .as("not served by the other")
                .isEqualTo(426);
        assertThat(gateway.gateway().counted(secure, 426)).isEqualTo(1);
    }

    private static Route named(String name, String json) {
        return named(name, UUID.randomUUID(), json);
    }

    private static Route named(String name, UUID id, String json) {
        return Declared.route(gateway.version(), id, json.replaceFirst("\\{", "{'name':'" + name + "',"));
    }

    /** The names of the routes that take it: over TLS of this server name, or else by HTTP/1.1 and by HTTP/2. */
    private static List<String> winners(@Nullable String sni, String request) throws IOException {
        String[] words = request.split(" ", -1);
        if (sni == null) {
            try (RawClient client = gateway.gateway().client();
                    RawHttp2Client http2 = new RawHttp2Client(gateway.gateway().port())) {
                return List.of(winner(client, words), winner(http2, words));
            }
        }
        try (RawClient client = new RawClient(gateway.connect(TlsClient.context(), sni))) {
            return List.of(winner(client, words));
        }
    }

    private static String winner(RawClient client, String[] words) {
        StringBuilder head = new StringBuilder(words[0] + " " + words[2] + " HTTP/1.1\r\nHost: " + words[1]);
        for (int i = 3; i < words.length; i++) {
            head.append("\r\n").append(words[i].replace(":", ": "));
        }
        RawResponse answer = client.send(
                        head.append("\r\nSluice-Debug: 1\r\n\r\n").toString())
                .read();
        return winner(answer.status(), answer.header("sluice-route-name"));
    }

    private static String winner(RawHttp2Client client, String[] words) {
        List<String> fields = new ArrayList<>(
                List.of(":method", words[0], ":scheme", "http", ":authority", words[1], ":path", words[2]));
        for (int i = 3; i < words.length; i++) {
            fields.add(words[i].substring(0, words[i].indexOf(':')).toLowerCase(Locale.ROOT));
            fields.add(words[i].substring(words[i].indexOf(':') + 1));
        }
        fields.addAll(List.of("sluice-debug", "1"));
        RawHttp2Client.Reply reply =
                client.headers(1, true, fields.toArray(new String[0])).reply(1);
        return winner(reply.status(), reply.headers().get("sluice-route-name"));
    }

    private static String winner(int status, @Nullable String name) {
        assertThat(status).isEqualTo(name == null ? 404 : 200);
        return name == null ? NONE : name;
    }
}
