package dev.sluice.runtime.request.guard;

import io.vertx.core.MultiMap;
import java.util.ArrayDeque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Trailers of chunked requests on one connection, which Vert.x drops. The guard reads them before the parser has the
 * request, perhaps several requests ahead: so bodies are counted at both ends. Owned by the event loop of the connection.
 */
public final class ChunkedTrailers {
    /** What is refused behind a body, in lower case: it would have said where that ends, or goes (RFC 9110 6.5.1). */
    public static final Set<String> NEVER =
            Set.of("content-length", "transfer-encoding", "host", "trailer", "connection");

    private final ArrayDeque<Read> ahead = new ArrayDeque<>(0);
    private long begun;
    private long ended;

    private record Read(long body, MultiMap fields) {}

    /** The guard has read a body to its end. */
    void ended(@Nullable MultiMap fields) {
        if (fields != null) {
            ahead.add(new Read(ended, fields));
        }
        ended++;
    }

    /** The next chunked request of the connection is served; those of the ones before are forgotten. */
    public void begin() {
        forgetBefore(begun++);
    }

    /** Of the request that began last, once its body has ended; null for none. */
    public @Nullable MultiMap current() {
        Read first = ahead.peek();
        return first != null && first.body() == begun - 1 ? first.fields() : null;
    }

    private void forgetBefore(long body) {
        for (Read first = ahead.peek(); first != null && first.body() < body; first = ahead.peek()) {
            ahead.remove();
        }
    }
}
