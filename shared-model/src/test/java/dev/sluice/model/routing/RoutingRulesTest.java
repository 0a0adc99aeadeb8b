package dev.sluice.model.routing;

import static dev.sluice.model.routing.Declared.get;
import static dev.sluice.model.routing.Declared.match;
import static dev.sluice.model.routing.Declared.request;
import static dev.sluice.model.routing.Declared.route;
import static dev.sluice.model.routing.Declared.table;
import static dev.sluice.model.routing.Declared.winner;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingRulesTest {
    @Test
    void withoutRoutesNothingMatches() {
        assertThat(table().match(get("http://h/"))).isNull();
    }

    @Test
    void valuesOfAFieldAreAlternativesAndAllFieldsMustMatch() {
        RouteTable table = table(route("r", "{'methods':['GET','PUT'],'hosts':['a.io','b.io'],'paths':['/x','/y']}"));

        assertThat(winner(table, get("http://a.io/x"))).isEqualTo("r");
        assertThat(winner(table, request("PUT", "http://b.io/y/z"))).isEqualTo("r");
        assertThat(winner(table, request("POST", "http://a.io/x"))).isNull();
        assertThat(winner(table, get("http://c.io/x"))).isNull();
        assertThat(winner(table, get("http://a.io/z"))).isNull();
    }

    @ParameterizedTest(name = "host {0}, request {1}: {2}")
    @CsvSource({
        "example.com,        http://example.com/,       true",
        "example.com,        http://example.com:8080/,  true",
        "example.com,        http://EXAMPLE.Com/,       true",
        "Example.COM,        http://example.com/,       true",
        "example.com,        http://www.example.com/,   false",
        "example.com,        http:///,                  false",
        "example.com:8080,   http://example.com:8080/,  true",
        "example.com:8080,   http://example.com/,       false",
        "example.com:80,     http://example.com/,       true",
        "example.com:80,     https://example.com/,      false",
        "example.com:443,    https://example.com/,      true",
        "*.example.com,      http://a.example.com/,     true",
        "*.example.com,      http://a.b.example.com:9/, true",
        "*.example.com,      http://A.EXAMPLE.com/,     true",
        "*.example.com,      http://example.com/,       false",
        "*.example.com,      http://.example.com/,      false",
        "*.example.com,      http://aexample.com/,      false",
        "*.example.com:8080, http://a.example.com:8080/, true",
        "*.example.com:8080, http://a.example.com/,     false",
        "example.*,          http://example.org/,       true",
        "example.*,          http://example.co.uk:9/,   true",
        "example.*,          http://example./,          false",
        "example.*,          http://an.example.org/,    false",
        "example.*:443,      https://example.org/,      true",
        "[::1],              http://[::1]:8000/,        true",
        "[::1]:8000,         http://[::1]:8000/,        true",
        "[::1]:8000,         http://[::1]/,             false",
        "192.0.2.1,          http://192.0.2.1:99/,      true",
    })
    void hostsCompareWithThePortRule(String host, String url, boolean matches) {
        RouteTable table = table(route("r", "{'hosts':['" + host + "']}"));

        assertThat(table.match(get(url)) != null).isEqualTo(matches);
        assertThat(table.explain(get(url)).losers())
                .as("the explanation says the same")
                .hasSize(matches ? 0 : 1)
                .allSatisfy(loser -> assertThat(loser.reason()).startsWith("hosts: "));
    }

    @Test
    void headerNamesAllMatchAndOneOfTheValuesDoes() {
        RouteTable table = table(route("r", "{'headers':{'X-A':['one','Two'],'x-b':['~*^v[0-9]+$']}}"));

        assertThat(winner(table, get("http://h/", "x-a", "ONE", "X-B", "V12"))).isEqualTo("r");
        assertThat(winner(table, get("http://h/", "x-a", "nought", "x-a", "two", "X-B", "v1")))
                .as("any instance may match")
                .isEqualTo("r");
        assertThat(winner(table, get("http://h/", "x-a", "one"))).isNull();
        assertThat(winner(table, get("http://h/", "x-a", "one two", "x-b", "v1")))
                .isNull();
        assertThat(winner(table, get("http://h/", "x-a", "one", "x-b", "version 1")))
                .isNull();
    }

    @ParameterizedTest(name = "path {0} {1}, request {2}: {3}")
    @CsvSource({
        "/mock,        prefix,  /mock,       true",
        "/mock,        prefix,  /mock/a,     true",
        "/mock,        prefix,  /mockery,    true",
        "/mock,        prefix,  /Mock,       false",
        "/mock,        prefix,  /moc,        false",
        "/mock,        prefix,  /a/mock,     false",
        "/mock,        segment, /mock,       true",
        "/mock,        segment, /mock/a,     true",
        "/mock,        segment, /mockery,    false",
        "/mock/,       segment, /mock/a,     true",
        "/mock/,       segment, /mock,       false",
        "/,            segment, /a,          true",
        "/你,          prefix,  /%E4%BD%A0,  true",
        "/a b,         prefix,  /a%20b,      true",
        "/a%2Fb,       prefix,  /a%2fb,      true",
        "/a%2Fb,       prefix,  /a/b,        false",
        "/mock,        prefix,  /x/../mock,  true",
        "~/u/[0-9]+,   prefix,  /u/42/more,  true",
        "~/u/[0-9]+$,  prefix,  /u/42/more,  false",
        "~/u/[0-9]+,   prefix,  /a/u/42,     false",
        "~/u/[0-9]+,   segment, /u/42x,      true",
        "~/U,          prefix,  /u,          false",
    })
    void pathsCompareOnTheNormalForm(String path, String match, String requested, boolean matches) {
        RouteTable table = table(route("r", "{'paths':['" + path + "'],'path_match':'" + match + "'}"));

        assertThat(table.match(get("http://h" + requested)) != null).isEqualTo(matches);
    }

    @Test
    void methodsCompareExactly() {
        RouteTable table = table(route("r", "{'methods':['GET']}"));

        assertThat(winner(table, get("http://h/"))).isEqualTo("r");
        assertThat(winner(table, request("get", "http://h/"))).isNull();
    }

    @Test
    void serverNamesCompareWithoutTrailingDotAndAreIgnoredOnPlainHttp() {
        RouteTable table = table(route("r", "{'snis':['a.io.'],'paths':['/']}"));

        assertThat(winner(table, get("https://a.io/"))).isEqualTo("r");
        assertThat(winner(table, get("https://b.io/"))).isNull();
        assertThat(winner(table, get("http://b.io/"))).isEqualTo("r");
        assertThat(winner(table, new RequestDescription("GET", true, "a.io", -1, "/", "a.io.", Map.of())))
                .isEqualTo("r");
        assertThat(winner(table, new RequestDescription("GET", true, "a.io", -1, "/", null, Map.of())))
                .isNull();
    }

    /** Every pair matches the request; the first of the two must win, whichever is declared first. */
    @ParameterizedTest(name = "{2}: {0} before {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{'methods':['GET'],'snis':['a.b.io']} | {'hosts':['a.b.io']} | more kinds of field",
                "{'hosts':['a.b.io']} | {'headers':{'x':['1']}} | host over header",
                "{'headers':{'x':['1']}} | {'paths':['/p/q']} | header over path",
                "{'paths':['/']} | {'methods':['GET']} | path over method",
                "{'methods':['GET']} | {'snis':['a.b.io']} | method over SNI",
                "{'hosts':['a.b.io'],'snis':['a.b.io']} | {'headers':{'x':['1']},'paths':['/p']} | heaviest kind",
                "{'hosts':['*.b.io:443']} | {'hosts':['a.b.io']} | wildcard with a port over plain host",
                "{'hosts':['a.b.io']} | {'hosts':['*.b.io']} | plain host over wildcard",
                "{'hosts':['a.b.io']} | {'hosts':['a.b.io','*.b.io']} | plain hosts only over some",
                "{'hosts':['a.b.io'],'paths':['/']} | {'hosts':['*.b.io'],'paths':['~/p']} | plain host over regex path",
                "{'paths':['~/p']} | {'paths':['/p/q']} | regex over prefix",
                "{'paths':['~/p'],'headers':{'x':['1']}} | {'paths':['/p'],'headers':{'x':['1'],'y':['2']}} "
                        + "| regex over more headers",
                "{'headers':{'x':['1'],'y':['2']}} | {'headers':{'x':['1']}} | more headers",
                "{'paths':['~/p/.*'],'regex_priority':1} | {'paths':['~/p/q/r'],'regex_priority':0} | regex_priority",
                "{'paths':['/p/q']} | {'paths':['/p'],'regex_priority':9} | longer prefix",
                "{'paths':['/nothing','/p/q']} | {'paths':['/p','/else']} | longer prefix, once per path",
                "{'paths':['/p']} | {'paths':['/p'],'created_at':'2026-01-01T00:00:01Z'} | older",
                "{'paths':['~/p/.']} | {'paths':['~/p/q/r'],'created_at':'2026-01-01T00:00:01Z'} | a regex has no length",
                "{'paths':['/p'],'id':'7fffffff-0000-0000-0000-000000000000'} "
                        + "| {'paths':['/p'],'id':'80000000-0000-0000-0000-000000000000'} | lower id",
            })
    void theOrderIs(String first, String second, String why) {
        RequestView request = get("https://a.b.io/p/q/r", "x", "1", "y", "2");

        assertThat(winner(table(route("first", first), route("second", second)), request))
                .as(why)
                .isEqualTo("first");
        assertThat(winner(table(route("second", second), route("first", first)), request))
                .as(why)
                .isEqualTo("first");
        assertThat(winner(table(route("second", second)), request)).isEqualTo("second");
    }

    @Test
    void ofOneRoutesPathsTheLongestPrefixIsStripped() {
        RouteTable table = table(route("r", "{'paths':['/','/a/b','/a']}"));

        assertThat(match(table, get("http://h/a/b/c")).strippedPrefix()).isEqualTo("/a/b");
    }

    @ParameterizedTest(name = "protocols {0}, status {1}, tls {2}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "['http','https'] | 426 | false | SERVE",
                "['http','https'] | 426 | true  | SERVE",
                "['http']         | 426 | true  | SERVE",
                "['https']        | 426 | true  | SERVE",
                "['https']        | 426 | false | HTTPS_REQUIRED",
                "['https']        | 308 | false | REDIRECT_TO_HTTPS",
            })
    void theSchemeDoesNotChooseTheRouteButWhatBecomesOfTheRequest(
            String protocols, int status, boolean tls, SchemeCheck expected) {
        RouteTable table = table(
                route("slow", "{'paths':['/']}"),
                route(
                        "r",
                        "{'paths':['/a'],'protocols':" + protocols + ",'https_redirect_status_code':" + status + "}"));

        RouteMatch match = match(table, get((tls ? "https" : "http") + "://h/a"));

        assertThat(match.target().route().name()).isEqualTo("r");
        assertThat(match.target().schemeCheck(tls)).isEqualTo(expected);
    }

    @Test
    void aRouteWhoseVersionHasNoImplementationMatchesWithoutOne() {
        RouteTable table = RouteTable.compile(List.of(), List.of(route("r", "{'paths':['/a']}")));

        RouteMatch match = match(table, get("http://h/a/b"));

        assertThat(match.upstreamPath()).isEqualTo("/b");
        assertThat(match.target().implementation()).isNull();
    }
}
