package dev.sluice.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Plain requests, as any client sends them. */
final class Http {
    private static final Duration AT_MOST = Duration.ofSeconds(30);
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private Http() {}

    static HttpResponse<String> get(URI address) {
        return send(HttpRequest.newBuilder(address).build());
    }

    /** @throws UncheckedIOException when no answer comes */
    static HttpResponse<String> send(HttpRequest request) {
        HttpRequest limited = request.timeout().isPresent()
                ? request
                : HttpRequest.newBuilder(request, (name, value) -> true)
                        .timeout(AT_MOST)
                        .build();
        try {
            return CLIENT.send(limited, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    /** Whether the address answers 200 now. */
    static boolean isOk(URI address) {
        try {
            return get(address).statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }
}
