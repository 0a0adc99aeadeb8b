package dev.sluice.model.routing;

import static dev.sluice.model.routing.Declared.implementation;
import static dev.sluice.model.routing.Declared.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.PathHandling;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamPathTest {
    /** Kong's documented table, and beside it every branch of the rules. */
    @ParameterizedTest(name = "implementation {0}, route {1} strip {2} {3}: {4} goes to {5}")
    @CsvSource({
        // implementation path, route path, strip, handling, request, upstream
        "/s, /fv0,  false, v0, /fv0/req, /s/fv0/req",
        "/s, /fv0,  false, v0, /fv0,     /s/fv0",
        "/s, /fv1,  false, v1, /fv1/req, /sfv1/req",
        "/s, /fv1,  false, v1, /fv1,     /sfv1",
        "/s, /tv0,  true,  v0, /tv0/req, /s/req",
        "/s, /tv0,  true,  v0, /tv0,     /s",
        "/s, /tv1,  true,  v1, /tv1/req, /s/req",
        "/s, /tv1,  true,  v1, /tv1,     /s",
        "/s, /fv0/, false, v0, /fv0/req, /s/fv0/req",
        "/s, /fv0/, false, v0, /fv0/,    /s/fv0/",
        "/s, /fv1/, false, v1, /fv1/req, /sfv1/req",
        "/s, /fv1/, false, v1, /fv1/,    /sfv1/",
        "/s, /tv0/, true,  v0, /tv0/req, /s/req",
        "/s, /tv0/, true,  v0, /tv0/,    /s/",
        "/s, /tv1/, true,  v1, /tv1/req, /sreq",
        "/s, /tv1/, true,  v1, /tv1/,    /s",
        // the founding walk-through: an implementation without path
        ", /mock, true, v0, /mock,         /",
        ", /mock, true, v0, /mock/,        /",
        ", /mock, true, v0, /mock/request, /request",
        ", /mock, true, v0, /mockery,      /ery",
        ", /mock, false, v0, /mock/a,      /mock/a",
        ", /,     true, v0, /,             /",
        ", /,     true, v0, /a/b,          /a/b",
        ", /mock, true, v1, /mock/a,       /a",
        ", /mock, false, v1, /mock/a,      /mock/a",
        // an implementation path that ends in a slash
        "/s/, /t,  true,  v0, /t,     /s",
        "/s/, /t,  true,  v0, /t/,    /s/",
        "/s/, /t/, true,  v0, /t/,    /s/",
        "/s/, /t,  true,  v0, /t/req, /s/req",
        "/s/, /t,  true,  v0, /treq,  /s/req",
        "/s/, /t,  false, v0, /t/req, /s/t/req",
        "/s/, /t,  true,  v1, /t/req, /s/req",
        "/s/, /t,  true,  v1, /treq,  /s/req",
        "/s/, /t,  false, v1, /t/req, /s/t/req",
        // one that does not
        "/s, /t, true,  v0, /treq, /s/req",
        "/s, /t, true,  v0, /t/,   /s/",
        "/s, /,  true,  v0, /,     /s",
        "/s, /,  true,  v0, /req,  /s/req",
        "/s, /,  false, v0, /,     /s",
        "/s, /,  false, v1, /,     /s",
        // the whole text that a regex matched goes
        "/s, ~/t/[0-9]+,   true,  v0, /t/42/req, /s/req",
        "/s, ~/t/[0-9]+,   true,  v0, /t/42,     /s",
        "/s, ~/t/[0-9]+/,  true,  v1, /t/42/req, /sreq",
        "/s, ~/t/[0-9]+,   false, v0, /t/42/req, /s/t/42/req",
        "/s, ~/t/[0-9]+?,  true,  v0, /t/42/req, /s/2/req",
        // a route without path: the first slash goes
        "/s, , true,  v0, /a/b, /s/a/b",
        "/s, , true,  v0, /,    /s",
        "/s, , true,  v1, /a/b, /sa/b",
        "/s, , false, v0, /a/b, /s/a/b",
        "/s, , false, v1, /a/b, /sa/b",
        ",   , true,  v0, /a/,  /a/",
        // nobody leaves the implementation's path
        "/s, /t, true, v0, /t./req,  /s/req",
        "/s, /t, true, v0, /t../req, /s/req",
        "/s, /t, true, v1, /t../req, /sreq",
        "/s, /t, true, v0, /t..,     /s",
        "/s, /t, true, v0, /t.,      /s",
        "/s, /t, true, v0, /t...,    /s/...",
        "/s, /t, true, v0, /t../,    /s/",
        "/s, /t, true, v0, /t%2e%2e/req, /s/req",
        // what must be percent-encoded is, and triplets stay
        ",   /t, true, v0, '/t/a b%22{}', /a%20b%22%7B%7D",
        ",   /t, true, v0, /t/%E4%BD%A0%F0%9F%98%80%c3%a9, /%E4%BD%A0%F0%9F%98%80%C3%A9",
        ",   /t, true, v0, '/t/!$&''()*+,;=:@[]~', '/!$&''()*+,;=:@[]~'",
        ",   /t, true, v0, /t/%3f%23%2f%25, /%3F%23%2F%25",
        ",   /t, true, v0, /t/a#b, /a%23b",
        "/é, /t, true, v0, /t/x, /%C3%A9/x",
    })
    void isJoinedAsInKong(
            @Nullable String base,
            @Nullable String path,
            boolean strip,
            String handling,
            String request,
            String upstream) {
        String match = path == null ? "'methods':['GET']" : "'paths':['" + path + "']";
        RouteTable table = RouteTable.compile(
                List.of(implementation(base == null ? "{}" : "{'path':'" + base + "'}")),
                List.of(route("r", "{" + match + ",'strip_path':" + strip + ",'path_handling':'" + handling + "'}")));

        assertThat(Declared.match(table, Declared.get("http://h" + request)).upstreamPath())
                .isEqualTo(upstream);
    }

    @ParameterizedTest(name = "route {0} strip {1}: {2} has prefix {3}")
    @CsvSource({
        "/t,      true,  /t/a,     /t",
        "/t/,     true,  /t/a,     /t/",
        "~/t/./,  true,  /t/x/a,   /t/x/",
        "/,       true,  /t/a,     ",
        "/t,      false, /t/a,     ",
        "/t é,    true,  /t%20é/a, /t%20%C3%A9",
    })
    void thePrefixThatWasStrippedIsTold(String path, boolean strip, String request, @Nullable String prefix) {
        RouteTable table = Declared.table(route("r", "{'paths':['" + path + "'],'strip_path':" + strip + "}"));

        assertThat(Declared.match(table, Declared.get("http://h" + request)).strippedPrefix())
                .isEqualTo(prefix);
    }

    @Property(tries = 5000)
    void nobodyLeavesTheImplementationsPath(
            @ForAll("rawPaths") String raw,
            @ForAll("bases") String base,
            @ForAll PathHandling handling,
            @ForAll boolean strip,
            @ForAll("lengths") int length) {
        String path = PathNormalizer.normalize(raw);
        int matched = Math.min(length, path.length());

        String upstream = UpstreamPath.join(handling, strip, base, path, matched);

        String inside = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        assertThat(upstream)
                .startsWith(inside)
                .doesNotContain("//", "?", "#")
                .doesNotContainPattern("/\\.\\.?(/|$)")
                .matches("/?[\\x21-\\x7e]*");
        assertThat(PathNormalizer.normalize(upstream))
                .as("what an upstream that normalises makes of it")
                .startsWith(inside);
    }

    @Provide
    Arbitrary<String> rawPaths() {
        Arbitrary<String> pieces = Arbitraries.of(
                "/", "/", ".", "..", "a", "%2e", "%2F", "%", "%25", "2", "e", "é", "%C3%A9", " ", "#", "\\");
        return pieces.list().ofMaxSize(12).map(list -> "/" + String.join("", list));
    }

    @Provide
    Arbitrary<String> bases() {
        return Combinators.combine(Arbitraries.of("", "/s", "/s/t", "/..s", "/s."), Arbitraries.of("", "/"))
                .as((path, slash) -> path + slash)
                .map(path -> path.isEmpty() ? "/" : path);
    }

    /** A regex may match any number of characters; -1 stands for a route without path. */
    @Provide
    Arbitrary<Integer> lengths() {
        return Arbitraries.integers().between(-1, 12);
    }
}
