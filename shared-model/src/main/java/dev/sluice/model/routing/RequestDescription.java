package dev.sluice.model.routing;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request that somebody describes, to ask where it would go. The components are those of {@link RequestView}.
 *
 * @param path already normalised by {@link PathNormalizer}
 * @param headers name, in any case, to values
 */
public record RequestDescription(
        String method,
        boolean tls,
        @Nullable String host,
        int port,
        String path,
        @Nullable String sni,
        Map<String, List<String>> headers)
        implements RequestView {

    public RequestDescription {
        Map<String, List<String>> copied = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> copied.put(name, List.copyOf(values)));
        headers = Collections.unmodifiableMap(copied);
    }

    @Override
    public List<String> headerValues(String name) {
        return headers.getOrDefault(name, List.of());
    }
}
