package dev.sluice.model.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.PathHandling;
import dev.sluice.model.config.PathMatch;
import dev.sluice.model.config.Protocol;
import dev.sluice.model.config.Route;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

class IndexAgreesWithRulesTest {
    private static final String NONE = "none";
    private static final List<String> HOSTS = List.of(
            "a.io", "A.io:8080", "b.a.io", "*.a.io", "*.io", "*.a.io:8080", "a.*", "a.*:80", "b.*", "*.io:443", "io");
    private static final List<String> REQUEST_HOSTS = List.of("a.io", "A.IO", "b.a.io", "c.b.a.io", "a.b", "io", "x");
    private static final List<String> PATHS = List.of(
            "/",
            "/a",
            "/a/",
            "/ab",
            "/a/b",
            "/a/b/c",
            "/abc",
            "/b",
            "/é",
            "~/a",
            "~/a/[bc]",
            "~/a|/b",
            "~/(a|b)/",
            "~/ab?$",
            "~/a*b",
            "~/[a|b]+",
            "~/a/.*c$",
            "~/");
    private static final List<String> REQUEST_PATHS =
            List.of("/", "/a", "/a/", "/ab", "/abc", "/a/b", "/a/b/c", "/b", "/b/c", "/c", "/é/x", "/aab");
    private static final List<String> METHODS = List.of("GET", "POST", "PUT");
    private static final List<String> SNIS = List.of("a.io", "b.io.", "a.io.");

    @Property(tries = 1000)
    void theIndexFindsTheRouteThatTheRulesPutFirst(
            @ForAll("tables") List<Route> routes, @ForAll("requests") List<RequestDescription> requests) {
        RouteTable table = RouteTable.compile(List.of(), routes);
        FirstInOrder rules = new FirstInOrder(routes);
        for (RequestDescription request : requests) {
            String expected = describe(rules.winner(request));
            Statistics.label("matched").collect(!expected.equals(NONE));
            assertThat(describe(table.match(request))).as("%s", request).isEqualTo(expected);
        }
    }

    @Property(tries = 1000)
    void soItDoesWhereManyRoutesDifferByHeadersAlone(
            @ForAll("headerTables") List<Route> routes, @ForAll("requests") List<RequestDescription> requests) {
        theIndexFindsTheRouteThatTheRulesPutFirst(routes, requests);
    }

    private static String describe(FirstInOrder.@Nullable Path winner) {
        return winner == null ? NONE : winner.route().id() + " " + winner.path();
    }

    private static String describe(@Nullable RouteMatch match) {
        if (match == null) {
            return NONE;
        }
        PathPattern path = match.matchedPath();
        return match.target().route().id() + " " + (path == null ? null : path.text());
    }

    @Property(tries = 200)
    void anExplanationNamesTheWinnerAndEveryOtherRouteOnce(
            @ForAll("tables") List<Route> routes, @ForAll("requests") List<RequestDescription> requests) {
        RouteTable table = RouteTable.compile(List.of(), routes);
        for (RequestDescription request : requests) {
            RouteMatch match = table.match(request);
            Explanation explanation = table.explain(request);
            Explanation.Winner winner = explanation.winner();
            assertThat(winner == null ? null : winner.routeId())
                    .isEqualTo(match == null ? null : match.target().route().id());
            assertThat(explanation.losers())
                    .hasSize(routes.size() - (match == null ? 0 : 1))
                    .doesNotHaveDuplicates()
                    .allSatisfy(loser -> assertThat(loser.reason()).isNotBlank());
        }
    }

    @Provide
    Arbitrary<List<Route>> tables() {
        Arbitrary<List<List<String>>> fields = Combinators.combine(
                        some(METHODS, 2), some(HOSTS, 2), some(PATHS, 3), some(SNIS, 1))
                .as(List::of)
                .filter(lists -> lists.stream().anyMatch(list -> !list.isEmpty()));
        return route(fields).list().ofMinSize(1).ofMaxSize(20).uniqueElements(Route::id);
    }

    @Provide
    Arbitrary<List<Route>> headerTables() {
        Arbitrary<List<List<String>>> fields =
                some(METHODS, 1).map(methods -> List.of(methods, List.of(), List.of("/"), List.of()));
        return route(fields).list().ofMinSize(10).ofMaxSize(40).uniqueElements(Route::id);
    }

    private static Arbitrary<Route> route(Arbitrary<List<List<String>>> fields) {
        return Combinators.combine(
                        fields,
                        headers(),
                        Arbitraries.longs().between(1, 999),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(-1, 1),
                        Arbitraries.of(PathMatch.values()))
                .as((lists, headers, id, age, priority, pathMatch) ->
                        route(lists, headers, new UUID(id << 54, id), age, priority, pathMatch));
    }

    private static Route route(
            List<List<String>> lists,
            Map<String, List<String>> headers,
            UUID id,
            int age,
            int priority,
            PathMatch pathMatch) {
        return new Route(
                id,
                Declared.VERSION,
                Instant.ofEpochSecond(age),
                null,
                List.of(Protocol.HTTP, Protocol.HTTPS),
                lists.get(0),
                lists.get(1),
                lists.get(2),
                headers,
                lists.get(3),
                true,
                false,
                priority,
                PathHandling.V0,
                pathMatch,
                426,
                true,
                true,
                List.of());
    }

    private static Arbitrary<Map<String, List<String>>> headers() {
        Arbitrary<List<String>> values =
                Arbitraries.of(List.of("1"), List.of("one"), List.of("One", "1"), List.of("~*^o"), List.of("~*E$"));
        return Arbitraries.maps(Arbitraries.of("x-a", "X-B", "x-c"), values).ofMaxSize(2);
    }

    private static Arbitrary<List<String>> some(List<String> values, int most) {
        return Arbitraries.oneOf(
                Arbitraries.just(List.of()),
                Arbitraries.of(values).list().ofMaxSize(most).uniqueElements());
    }

    @Provide
    Arbitrary<List<RequestDescription>> requests() {
        Arbitrary<Map<String, List<String>>> headers = Arbitraries.maps(
                        Arbitraries.of("X-A", "x-b", "x-C"),
                        Arbitraries.of("1", "ONE", "o", "two")
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(2))
                .ofMaxSize(3);
        return Combinators.combine(
                        Arbitraries.of(METHODS),
                        Arbitraries.of(true, false),
                        Arbitraries.of(REQUEST_HOSTS).injectNull(0.1),
                        Arbitraries.of(-1, 80, 443, 8080),
                        Arbitraries.of(REQUEST_PATHS),
                        Arbitraries.of("a.io", "b.io", "c.io").injectNull(0.1),
                        headers)
                .as(RequestDescription::new)
                .list()
                .ofSize(12);
    }
}
