package dev.sluice.control.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.config.ConfigJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is asked for.
 *
 * @param size how many at most: 1 to 1000
 * @param after the key of the last element of the page before, as the store made it (see {@link Position}); null for
 *     the first page. The opaque {@code next} of an answer is this, encoded.
 */
public record Page(int size, @Nullable String after) {
    public static final int DEFAULT_SIZE = 100;

    /** How many rows to read: one more than is shown tells whether there is a next page. */
    public int limit() {
        return size + 1;
    }

    /**
     * The answer {@code {"data": […], "next": …}}.
     *
     * @param rows up to {@link #limit()} of them, in order
     * @param key of a row, which continues the list behind it
     * @param view what is shown of a row: anything that {@link ConfigJson#MAPPER} writes; a row of which it makes null
     *     is left out, and the list goes on behind it all the same
     */
    public <T> ObjectNode answer(List<T> rows, Function<T, String> key, Function<T, ? extends @Nullable Object> view) {
        ObjectNode answer = ConfigJson.MAPPER.createObjectNode();
        ArrayNode data = answer.putArray("data");
        int shown = Math.min(rows.size(), size);
        for (T row : rows.subList(0, shown)) {
            Object seen = view.apply(row);
            if (seen != null) {
                data.add(ConfigJson.MAPPER.<JsonNode>valueToTree(seen));
            }
        }
        if (rows.size() > size) {
            answer.put("next", encode(key.apply(rows.get(shown - 1))));
        } else {
            answer.putNull("next");
        }
        return answer;
    }

    private static String encode(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    static String decode(String next) {
        return new String(Base64.getUrlDecoder().decode(next), StandardCharsets.UTF_8);
    }
}
