package dev.sluice.control.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.snapshot.Digest;
import java.util.Arrays;

/** Entity tags (RFC 9110 8.8.3): strong ones, of the whole answer, so that everything that is shown counts. */
public final class Etag {
    private Etag() {}

    /** The tag of an answer: quoted, equal for equal JSON. */
    public static String of(JsonNode answer) {
        try {
            return '"'
                    + Digest.of(ConfigJson.MAPPER.writeValueAsBytes(answer))
                            .hex()
                            .substring(0, 24)
                    + '"';
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("A JSON tree can always be written", e);
        }
    }

    /** Whether a list of tags, or {@code *}, as in {@code If-Match} and {@code If-None-Match}, holds this tag. */
    static boolean isAmong(String list, String etag, boolean weakly) {
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .map(tag -> weakly && tag.startsWith("W/") ? tag.substring(2) : tag)
                .anyMatch(tag -> tag.equals("*") || tag.equals(etag));
    }
}
