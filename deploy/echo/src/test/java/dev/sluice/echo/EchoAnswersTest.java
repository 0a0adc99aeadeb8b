package dev.sluice.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EchoAnswersTest {
    @RegisterExtension
    static final RunningEcho ECHO = new RunningEcho();

    private static WebClient client;

    @BeforeAll
    static void open() {
        client = WebClient.create(
                ECHO.vertx(),
                new WebClientOptions()
                        .setDefaultHost("127.0.0.1")
                        .setDefaultPort(ECHO.port())
                        .setFollowRedirects(false));
    }

    @Test
    void homePageIsHtml() throws TimeoutException {
        HttpResponse<Buffer> response = get("/");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.getHeader("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(response.bodyAsString()).contains("href=\"/request\"").doesNotContain("{{");
    }

    @ParameterizedTest
    @CsvSource({"/mock, /mock/request", "/a/b.c, /a/b.c/request", "//evil.example, /request", "'\"><script>', /request"
    })
    void homePageLinksKeepASafePrefixOnly(String prefix, String link) throws TimeoutException {
        HttpResponse<Buffer> response =
                answer(client.get("/").putHeader("X-Forwarded-Prefix", prefix).send());
        assertThat(response.bodyAsString()).contains("href=\"" + link + "\"");
    }

    @Test
    void requestComesBackAsJson() throws TimeoutException {
        HttpResponse<Buffer> response = answer(client.request(HttpMethod.PUT, "/request/below?a=1&a=2&b=%20x")
                .putHeader("X-Twice", java.util.List.of("one", "two"))
                .sendBuffer(Buffer.buffer("grüße")));
        JsonObject json = response.bodyAsJsonObject();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json.getString("method")).isEqualTo("PUT");
        assertThat(json.getString("uri")).isEqualTo("/request/below?a=1&a=2&b=%20x");
        assertThat(json.getString("path")).isEqualTo("/request/below");
        assertThat(json.getJsonObject("query"))
                .isEqualTo(new JsonObject().put("a", JsonArray.of("1", "2")).put("b", JsonArray.of(" x")));
        assertThat(json.getJsonObject("headers").getJsonArray("x-twice")).isEqualTo(JsonArray.of("one", "two"));
        assertThat(json.getString("body")).isEqualTo("grüße");
        assertThat(json.getInteger("body_bytes")).isEqualTo(7);
    }

    @Test
    void bodyThatIsNoTextComesBackInBase64() throws TimeoutException {
        HttpResponse<Buffer> response =
                answer(client.post("/request").sendBuffer(Buffer.buffer(new byte[] {(byte) 0xff, 0})));
        assertThat(response.bodyAsJsonObject().getString("body_base64")).isEqualTo("/wA=");
        assertThat(response.bodyAsJsonObject().containsKey("body")).isFalse();
    }

    @Test
    void bodyPastTheLimitIsRefused() throws TimeoutException {
        HttpResponse<Buffer> response =
                answer(client.post("/request").sendBuffer(Buffer.buffer(new byte[10 * 1024 * 1024 + 1])));
        assertThat(response.statusCode()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 204, 301, 304, 404, 418, 500, 503, 599})
    void statusIsTheOneAskedFor(int code) throws TimeoutException {
        assertThat(get("/status/" + code).statusCode()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/status/199",
                "/status/600",
                "/status/x",
                "/delay/60001",
                "/delay/-1",
                "/stream/1000001",
                "/bytes/1073741825",
                "/bytes/99999999999999999999"
            })
    void numbersOutOfRangeAreRefused(String path) throws TimeoutException {
        HttpResponse<Buffer> response = get(path);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.bodyAsJsonObject().getString("error")).contains("wants a number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/status", "/bytes/1/2", "/request.html"})
    void anythingElseIsNotFound(String path) throws TimeoutException {
        HttpResponse<Buffer> response = get(path);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.bodyAsJsonObject().getString("path")).isEqualTo(path);
    }

    @Test
    void delayIsKept() throws TimeoutException {
        long begin = System.nanoTime();
        HttpResponse<Buffer> response = get("/delay/200");
        assertThat(response.bodyAsJsonObject()).isEqualTo(new JsonObject().put("delay_ms", 200));
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(200));
    }

    @Test
    void streamIsChunkedLinesOfJson() throws TimeoutException {
        HttpResponse<Buffer> response = get("/stream/3");
        assertThat(response.getHeader("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(response.bodyAsString())
                .isEqualTo("{\"line\":1,\"of\":3}\n{\"line\":2,\"of\":3}\n{\"line\":3,\"of\":3}\n");
    }

    @Test
    void headHasNoBody() throws TimeoutException {
        HttpResponse<Buffer> response = answer(client.head("/bytes/100").send());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.getHeader("Content-Length")).isEqualTo("100");
        assertThat(response.body()).isNull();
    }

    private static HttpResponse<Buffer> get(String path) throws TimeoutException {
        HttpRequest<Buffer> request = client.get(path);
        return answer(request.send());
    }

    private static HttpResponse<Buffer> answer(Future<HttpResponse<Buffer>> response) throws TimeoutException {
        return response.await(10, TimeUnit.SECONDS);
    }
}
