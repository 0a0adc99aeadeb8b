package dev.sluice.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import dev.sluice.control.access.Principal;
import dev.sluice.control.db.Database;
import dev.sluice.control.db.PostgresExtension;
import dev.sluice.control.people.Tokens;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nobody reads or changes anything without a token; the contract, its page, probes and figures are open. */
@ExtendWith(VertxExtension.class)
class AuthenticationTest {
    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    @RegisterExtension
    static final PostgresExtension postgres = new PostgresExtension();

    private final ApiClient api = controlPlane.client();

    @Test
    void withoutAValidTokenEverythingBelowV1IsRefused() {
        Reply wrong =
                api.get("/v1/services", "Authorization", "Bearer admin-toke").expect(401);
        assertThat(wrong.header("WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
        assertThat(api.get("/v1/services", "Authorization", "Basic YTpi")
                        .expect(401)
                        .header("WWW-Authenticate"))
                .isEqualTo("Bearer");
        api.get("/v1/nothing", "Authorization", "Bearer x").expect(401);
        api.post("/v1/services", "{'name': 'stranger'}", "Authorization", "Bearer x")
                .expect(401);
        api.get("/v1/services/stranger").expect(404);
    }

    @Test
    void contractPageProbesAndFiguresNeedNone() {
        assertThat(api.get("/v1/openapi.yaml", "Authorization", "none")
                        .expect(200)
                        .raw()
                        .body())
                .startsWith("openapi: 3.1.0");
        Reply page = api.get("/v1/docs", "Authorization", "none").expect(200);
        assertThat(page.header("Content-Security-Policy")).contains("script-src 'self';");
        assertThat(page.raw().body()).contains("<script src=\"/v1/docs/").doesNotContain("http://", "https://");
        for (String part : new String[] {"page.js", "swagger-ui-bundle.js", "swagger-ui.css", "favicon.png"}) {
            assertThat(page.raw().body()
                            + api.get("/v1/docs/page.js", "Authorization", "none")
                                    .raw()
                                    .body())
                    .isNotEmpty();
            api.get("/v1/docs/" + part, "Authorization", "none").expect(200);
        }
        assertThat(api.get("/health/live", "Authorization", "none").expect(200).text("/status"))
                .isEqualTo("live");
        assertThat(api.get("/health/ready", "Authorization", "none").expect(200).text("/status"))
                .isEqualTo("ready");
        api.get("/v1/services").expect(200);
        assertThat(api.get("/metrics", "Authorization", "none")
                        .expect(200)
                        .raw()
                        .body())
                .contains("http_server_requests_seconds_count{operation=\"listServices\",status=\"200\"}");
    }

    @Test
    void theFirstStartMakesATokenAndTheSecondDoesNot(Vertx vertx) throws TimeoutException {
        Database database = postgres.open(vertx);
        Tokens first = new Tokens(database, null);
        String token = first.makeFirst().await(10, TimeUnit.SECONDS);
        assertThat(token).startsWith("sluice_").hasSizeGreaterThan(40);
        assertThat(nameOf(first, Objects.requireNonNull(token))).isEqualTo("admin");
        assertThat(nameOf(first, "sluice_made_up")).isNull();
        assertThat(new Tokens(database, null).makeFirst().await(10, TimeUnit.SECONDS))
                .isNull();
        assertThat(new Tokens(database, "set").makeFirst().await(10, TimeUnit.SECONDS))
                .isNull();
        assertThat(nameOf(new Tokens(database, "set"), token)).isEqualTo("admin");
    }

    private static @Nullable String nameOf(Tokens tokens, String token) throws TimeoutException {
        Principal principal = tokens.ofToken(token).await(10, TimeUnit.SECONDS);
        return principal == null ? null : principal.name();
    }
}
