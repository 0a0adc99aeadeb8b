package dev.sluice.model.routing;

import static dev.sluice.model.routing.Declared.get;
import static dev.sluice.model.routing.Declared.implementation;
import static dev.sluice.model.routing.Declared.request;
import static dev.sluice.model.routing.Declared.route;
import static dev.sluice.model.routing.Declared.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplanationTest {
    @Test
    void theWinnerIsToldWithWhatWouldBeSent() {
        RouteTable table = RouteTable.compile(
                List.of(implementation("{'host':'mockbin.org','path':'/s'}")),
                List.of(route("mockbin", "{'paths':['/mock']}")));

        Explanation explanation = table.explain(get("http://h/mock/./request"));

        assertThat(explanation.path()).isEqualTo("/mock/request");
        assertThat(explanation.winner())
                .isEqualTo(new Explanation.Winner(
                        Declared.id("mockbin"),
                        "mockbin",
                        Declared.VERSION,
                        "http://mockbin.org/s",
                        "/s/request",
                        "/mock",
                        "/mock",
                        SchemeCheck.SERVE,
                        List.of()));
        assertThat(explanation.losers()).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{'hosts':['b.io']} | hosts: none is a.io",
                "{'hosts':['a.io:81']} | hosts: none is a.io",
                "{'paths':['/x']} | paths: /x does not match /mockery",
                "{'paths':['~/x']} | paths: ~/x does not match /mockery",
                "{'paths':['/x','/y']} | paths: none matches /mockery",
                "{'paths':['/mock'],'path_match':'segment'} | paths: /mock matches whole segments only, not within /mockery",
                "{'headers':{'x-a':['1']}} | headers.x-a: the request has none",
                "{'headers':{'x-b':['1']}} | headers.x-b: no value fits",
                "{'methods':['POST']} | methods: none is GET",
                "{'hosts':['b.io'],'methods':['POST']} | hosts: none is a.io",
                "{'paths':['/']} | matches too, but the winner's path is longer",
                "{'methods':['GET']} | matches too, but the winner's kinds of field weigh more "
                        + "(host, header, path, method, SNI, in this order)",
                "{'paths':['/mock'],'created_at':'2026-01-02T00:00:00Z'} | matches too, but the winner is older",
            })
    void everyOtherRouteIsToldWithTheReasonWhyItLost(String fields, String reason) {
        RouteTable table = table(route("winner", "{'paths':['/mock']}"), route("loser", fields));

        assertThat(table.explain(get("http://a.io/mockery", "x-b", "2")).losers())
                .containsExactly(new Explanation.Loser(Declared.id("loser"), "loser", reason));
    }

    @Test
    void aServerNameThatDoesNotFitIsAReasonOnHttps() {
        RouteTable table = table(route("loser", "{'snis':['b.io']}"));

        Explanation explanation = table.explain(get("https://a.io/"));

        assertThat(explanation.winner()).isNull();
        assertThat(explanation.losers()).extracting(Explanation.Loser::reason).containsExactly("snis: none is a.io");
    }

    @Test
    void aPrefixThatMatchesWithinASegmentIsWarnedOf() {
        RouteTable table = table(route("r", "{'paths':['/mock']}"));

        assertThat(warnings(table, get("http://h/mockery")))
                .singleElement()
                .asString()
                .contains("/mock ")
                .contains("/mockery")
                .contains("segment");
        assertThat(warnings(table, get("http://h/mock/ery"))).isEmpty();
    }

    @Test
    void anAnswerThatTheGatewayWouldGiveItselfIsWarnedOf() {
        RouteTable table =
                RouteTable.compile(List.of(), List.of(route("r", "{'paths':['/mock'],'protocols':['https']}")));

        assertThat(warnings(table, get("http://h/mock")))
                .satisfiesExactly(warning -> assertThat(warning).contains("503"), warning -> assertThat(warning)
                        .contains("426"));
        assertThat(warnings(table, get("https://h/mock"))).hasSize(1);
    }

    @Test
    void ofVeryManyRoutesTheNearestAreListedAndAllAreCounted() {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            routes.add(route("far" + i, "{'hosts':['b.io'],'paths':['/" + i + "']}"));
        }
        routes.add(route("near", "{'hosts':['a.io'],'paths':['/x'],'methods':['POST']}"));

        Explanation explanation = RouteTable.compile(List.of(), routes).explain(request("GET", "http://a.io/x"));

        assertThat(explanation.totalLosers()).isEqualTo(251);
        assertThat(explanation.losers()).hasSize(Explanation.MOST_LOSERS);
        assertThat(explanation.losers().get(0).name()).isEqualTo("near");
    }

    private static List<String> warnings(RouteTable table, RequestView request) {
        return Objects.requireNonNull(table.explain(request).winner()).warnings();
    }
}
