package dev.sluice.control.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.control.fleet.Head;
import dev.sluice.model.config.ConfigJson;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operation answers.
 *
 * @param status HTTP status; 0 when the operation wrote its answer itself
 * @param body JSON tree, record or map (written by {@link ConfigJson#MAPPER}), {@link Buffer} (as it is), or null
 * @param headers further response headers
 * @param heads where the groups are that a write concerned; null for a read
 */
public record Answer(
        int status,
        @Nullable Object body,
        Map<String, String> headers,
        @Nullable List<Head> heads) {
    public Answer {
        headers = Map.copyOf(headers);
        heads = heads == null ? null : List.copyOf(heads);
    }

    public static Answer ok(Object body) {
        return new Answer(200, body, Map.of(), null);
    }

    /** Bytes of a media type other than JSON. */
    public static Answer ok(Buffer body, String mediaType) {
        return new Answer(200, body, Map.of("Content-Type", mediaType), null);
    }

    /** @param location path of what was created, such as {@code /v1/services/…} */
    public static Answer created(Object body, String location) {
        return new Answer(201, body, Map.of("Location", location), null);
    }

    public static Answer noContent() {
        return new Answer(204, null, Map.of(), null);
    }

    /** The operation wrote, or goes on writing, to {@link Call#web()} by itself, as streams do. */
    public static Answer handledByItself() {
        return new Answer(0, null, Map.of(), null);
    }

    /** @param etag quoted, as in the header; a GET whose {@code If-None-Match} names it is answered 304 */
    public Answer etag(String etag) {
        return header("ETag", etag);
    }

    /** With the entity tag of a JSON body, see {@link Etag}. */
    public Answer etag() {
        if (!(body instanceof JsonNode json)) {
            throw new IllegalStateException("Only a JSON tree has a tag of its own");
        }
        return etag(Etag.of(json));
    }

    public Answer header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, body, more, heads);
    }

    /** @param heads of the groups concerned, after the commit; what {@code Prefer: wait} waits for */
    public Answer wrote(List<Head> heads) {
        return new Answer(status, body, headers, heads);
    }
}
