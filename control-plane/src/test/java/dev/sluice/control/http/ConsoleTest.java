package dev.sluice.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConsoleTest {
    private static final Pattern ADDRESS = Pattern.compile("(?:href|src)=\"([^\"]+)\"");

    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    private final ApiClient api = controlPlane.client();

    @Test
    void thePageAndAllThatItNamesAreServedToAnybodyUnderAStrictPolicy() {
        Reply page = anybody("/").expect(200);
        assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(page.header("Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");

        List<String> addresses = addresses(page);
        assertThat(addresses).hasSizeGreaterThan(5).allSatisfy(address -> {
            assertThat(address).startsWith("/console/");
            Reply file = anybody(address).expect(200);
            assertThat(file.header("Cache-Control")).contains("immutable");
            assertThat(file.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(file.header("Content-Security-Policy")).isEqualTo(Console.POLICY);
        });
    }

    @Test
    void thePageIsAskedForAgainAndNotSentAgain() {
        Reply page = anybody("/").expect(200);
        assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
        Reply again = api.get("/", "Authorization", "none", "If-None-Match", page.header("ETag"))
                .expect(304);
        assertThat(again.raw().body()).isEmpty();
    }

    @Test
    void librariesAreServedFromHere() {
        String build = build();
        for (String library : List.of(
                "vue.js",
                "htm.js",
                "uplot.js",
                "uplot.css",
                "shoelace/themes/dark.css",
                "shoelace/assets/icons/list.svg")) {
            anybody(build + "lib/" + library).expect(200);
        }
        assertThat(anybody(build + "app.js").expect(200).header("Content-Type"))
                .isEqualTo("text/javascript; charset=utf-8");
    }

    @Test
    void nothingElseIsServed() {
        String build = build();
        for (String path : List.of(
                build + "nothing.js",
                build + "index.html",
                build + "lib/shoelace/../../../../../openapi.js",
                build + "lib/shoelace/..%2f..%2fpackage.js",
                build + "..%2fdocs/page.js",
                build + "lib/other/page.js",
                "/console/0000000000000000/app.js",
                "/console/")) {
            assertThat(anybody(path).status()).as(path).isBetween(400, 404);
        }
    }

    private String build() {
        String first = addresses(anybody("/")).get(0);
        return first.substring(0, first.indexOf('/', "/console/".length()) + 1);
    }

    private static List<String> addresses(Reply page) {
        return ADDRESS.matcher(page.raw().body())
                .results()
                .map(MatchResult::group)
                .map(text -> text.substring(text.indexOf('"') + 1, text.length() - 1))
                .toList();
    }

    private Reply anybody(String path) {
        return api.get(path, "Authorization", "none");
    }
}
