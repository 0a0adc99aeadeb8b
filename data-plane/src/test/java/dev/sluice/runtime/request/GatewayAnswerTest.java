package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Route;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GatewayAnswerTest {
    @Test
    void noRouteIs404InTheFormThatTheClientAsksFor() {
        try (TestGateway gateway = new TestGateway()) {
            gateway.serveNothing("{'paths':['/other']}");

            RawResponse json = gateway.get("/");
            RawResponse html = gateway.get("/", "Accept: text/html,application/xhtml+xml,*/*;q=0.8");
            RawResponse plain = gateway.get("/", "Accept: text/plain, application/json;q=0.5");

            assertThat(json.status()).isEqualTo(404);
            JsonObject body = new JsonObject(json.text());
            assertThat(body.getString("message")).isEqualTo("no Route matched with those values");
            assertThat(body.getString("request_id")).isEqualTo(json.header("x-request-id"));
            assertThat(json.header("x-sluice-response-latency")).matches("\\d+");
            assertThat(json.header("content-type")).startsWith("application/json");
            assertThat(html.header("content-type")).startsWith("text/html");
            assertThat(html.text()).contains("no Route matched with those values");
            assertThat(plain.header("content-type")).startsWith("text/plain");
            assertThat(plain.text()).startsWith("no Route matched with those values\n");
            assertThat(gateway.countedWithoutRoute(404)).isEqualTo(3);
            assertThat(gateway.requestsFailed("NO_ROUTE")).isEqualTo(3);
        }
    }

    @Test
    void aVersionWithoutImplementationIs503() {
        try (TestGateway gateway = new TestGateway()) {
            Route route = gateway.serveNothing("{'paths':['/']}");

            assertThat(gateway.get("/").status()).isEqualTo(503);
            assertThat(gateway.counted(route, 503)).isEqualTo(1);
        }
    }

    @Test
    void nothingServedYetIs503WithRetryAfter() {
        try (TestGateway gateway = new TestGateway()) {
            RawResponse answer = gateway.get("/");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("retry-after")).isEqualTo("1");
        }
    }

    @Test
    void httpsRoutesAnswerPlainHttpAsTheySay() {
        try (TestGateway gateway = new TestGateway()) {
            Route strict = gateway.serveNothing("{'paths':['/a'],'protocols':['https']}");
            gateway.serveNothing("{'paths':['/b'],'protocols':['https'],'https_redirect_status_code':308}");

            RawResponse required = gateway.get("/a");
            RawResponse redirect = gateway.get("/b/c%20d?e=f");

            assertThat(required.status()).isEqualTo(426);
            assertThat(required.header("upgrade")).isEqualTo("TLS/1.2, HTTP/1.1");
            assertThat(required.header("connection")).isEqualTo("Upgrade");
            assertThat(new JsonObject(required.text()).getString("message")).isEqualTo("Please use HTTPS protocol");
            assertThat(redirect.status()).isEqualTo(308);
            assertThat(redirect.header("location"))
                    .isEqualTo("https://example.com:" + gateway.tlsPort() + "/b/c%20d?e=f");
            assertThat(gateway.counted(strict, 426)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void theRedirectStatusIsTheRoutesWithALocation(int status) {
        try (TestGateway gateway = new TestGateway()) {
            gateway.serveNothing("{'paths':['/'],'protocols':['https'],'https_redirect_status_code':" + status + "}");

            RawResponse redirect = gateway.get("/a");

            assertThat(redirect.status()).isEqualTo(status);
            assertThat(redirect.header("location")).isEqualTo("https://example.com:" + gateway.tlsPort() + "/a");
            assertThat(redirect.header("upgrade")).isNull();
        }
    }

    @Test
    void headRequestsGetTheHeaderSectionAlone() {
        try (TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serveNothing("{'paths':['/other']}");

            RawResponse answer =
                    client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n").readToHead();

            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.header("content-length")).isNotEqualTo("0");
            assertThat(client.get("/").status()).isEqualTo(404);
        }
    }

    @Test
    void anUnwantedBodyIsReadSoThatTheConnectionGoesOn() {
        try (TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serveNothing("{'paths':['/other']}");
            String body = "x".repeat(300_000);

            RawResponse first = client.send(
                            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .read();

            assertThat(first.status()).isEqualTo(404);
            assertThat(client.get("/").status()).isEqualTo(404);
        }
    }
}
