package dev.sluice.launcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the quickstart asks of the REST API once the control plane is ready. */
final class AdminApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int JOIN_SECONDS = 600;
    private static final String DEFAULT_GROUP = "/v1/runtime-groups/default";

    private final Loopback loopback;
    private final String base;
    private final String token;

    AdminApi(Loopback loopback, String base, String token) {
        this.loopback = loopback;
        this.base = base;
        this.token = token;
    }

    /** Makes the default group's proxy URL this one, unless people gave it an address of their own. */
    void offerProxyUrl(String url) {
        HttpResponse<String> response = expect(send("GET", DEFAULT_GROUP, null), 200);
        JsonNode current = read(response).path("proxy_url");
        if (current.isTextual() && (current.asText().equals(url) || !isLoopback(current.asText()))) {
            return;
        }
        expect(send("PATCH", DEFAULT_GROUP, Map.of("proxy_url", url)), 200, 202);
    }

    /** A token for so many runtimes of the default group, to be used within ten minutes. */
    String joinToken(int uses) {
        Map<String, ?> wanted = Map.of("name", "quickstart", "uses", uses, "expires_in", JOIN_SECONDS);
        return read(expect(send("POST", DEFAULT_GROUP + "/tokens", wanted), 201))
                .path("token")
                .asText();
    }

    /** Declares the service of the walk-through and waits until it is served; what is there already stays as it is. */
    void declareDemo(Walkthrough walkthrough) {
        expect(send("POST", Walkthrough.SERVICES, walkthrough.serviceBody()), 201, 202, 409);
        expect(send("POST", Walkthrough.IMPLEMENTATION, walkthrough.implementationBody()), 201, 202, 409);
    }

    private HttpResponse<String> send(String method, String path, @Nullable Map<String, ?> body) {
        HttpRequest.BodyPublisher publisher =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(write(body));
        return loopback.send(HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Prefer", "wait=10")
                .method(method, publisher)
                .build());
    }

    @CanIgnoreReturnValue
    private static HttpResponse<String> expect(HttpResponse<String> response, Integer... statuses) {
        if (!List.of(statuses).contains(response.statusCode())) {
            throw new StartFailedException(response.request().method() + " " + response.uri() + " answered "
                    + response.statusCode() + ": " + response.body());
        }
        return response;
    }

    static String write(Map<String, ?> body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static JsonNode read(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new StartFailedException(response.uri() + " answered no JSON: " + e.getMessage(), e);
        }
    }

    private static boolean isLoopback(String url) {
        try {
            String host = new URI(url).getHost();
            return host != null && (host.equals("localhost") || host.equals("[::1]") || host.startsWith("127."));
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
