package dev.sluice.runtime.request;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it came over the wire.
 *
 * @param complete whether its framing says that nothing is missing
 */
record RawResponse(
        int status,
        String statusLine,
        List<Map.Entry<String, String>> headers,
        Buffer body,
        Map<String, String> trailers,
        boolean complete) {

    String text() {
        return body.toString(StandardCharsets.UTF_8);
    }

    /** All values joined, null when there is none. */
    @Nullable
    String header(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : String.join(", ", values);
    }

    List<String> all(String name) {
        return headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    List<String> names() {
        return headers.stream()
                .map(header -> header.getKey().toLowerCase(Locale.ROOT))
                .collect(Collectors.toList());
    }
}
