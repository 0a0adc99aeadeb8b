package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Answers that grow for as long as their upstreams like: what there is reaches the client while the rest is still to
 * come. An upstream here goes on only when its client has what went before; if that never comes it breaks off.
 */
final class StreamedAnswersTest {
    private static final String EVENTS = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";

    private final Semaphore seen = new Semaphore(0);

    /** Held for as long as answers come: one that nobody holds may be closed at any time. */
    private final HttpClient client = HttpClient.newHttpClient();

    private void awaitClient() throws IOException, InterruptedException {
        if (!seen.tryAcquire(TestGateway.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("The client saw nothing");
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP_1_1, true", "HTTP_1_1, false", "HTTP_2, true", "HTTP_2, false"})
    void eachServerSentEventArrivesBeforeTheNextIsSent(Version version, boolean buffering) throws Exception {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write(EVENTS + "Transfer-Encoding: chunked\r\n\r\n");
                    for (int i = 0; i < 3; i++) {
                        awaitClient();
                        connection.write("9\r\ndata: " + i + "\n\n\r\n");
                    }
                    awaitClient();
                    connection.write("0\r\n\r\n");
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/'],'response_buffering':" + buffering + "}");

            HttpResponse<InputStream> answer = get(gateway, version);

            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
            try (BufferedReader events = reader(answer)) {
                for (int i = 0; i < 3; i++) {
                    seen.release();
                    assertThat(events.readLine()).isEqualTo("data: " + i);
                    assertThat(events.readLine()).isEmpty();
                }
                seen.release();
                assertThat(events.readLine()).isNull();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP_1_1, true", "HTTP_1_1, false", "HTTP_2, true", "HTTP_2, false"})
    void anAnswerThatOnlyTheEndOfItsConnectionEndsArrivesAsItComes(Version version, boolean buffering)
            throws Exception {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write(EVENTS + "Connection: close\r\n\r\ndata: 0\n\n");
                    awaitClient();
                    connection.write("data: 1\n\n");
                });
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/'],'response_buffering':" + buffering + "}");

            try (BufferedReader events = reader(get(gateway, version))) {
                assertThat(events.readLine()).isEqualTo("data: 0");
                assertThat(events.readLine()).isEmpty();
                seen.release();
                assertThat(events.readLine()).isEqualTo("data: 1");
                assertThat(events.readLine()).isEmpty();
                assertThat(events.readLine()).isNull();
            }
        }
    }

    /** The head and half a JSON array come at once, the news when there are some. */
    @ParameterizedTest
    @CsvSource({"HTTP_1_1, true", "HTTP_1_1, false", "HTTP_2, true", "HTTP_2, false"})
    void whatALongPollBeginsWithArrivesBeforeTheNews(Version version, boolean buffering) throws Exception {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.request();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n[");
                    awaitClient();
                    connection.write("\"news\"]");
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/'],'response_buffering':" + buffering + "}");

            HttpResponse<InputStream> answer = get(gateway, version);

            assertThat(answer.headers().firstValue("content-length")).contains("8");
            try (InputStream body = answer.body()) {
                assertThat(body.read()).isEqualTo('[');
                seen.release();
                assertThat(body.readAllBytes()).asString().isEqualTo("\"news\"]");
            }
        }
    }

    /** To the end of the header section. */
    private HttpResponse<InputStream> get(TestGateway gateway, Version version) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/"))
                .version(version)
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
                .get(TestGateway.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static BufferedReader reader(HttpResponse<InputStream> answer) {
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }
}
