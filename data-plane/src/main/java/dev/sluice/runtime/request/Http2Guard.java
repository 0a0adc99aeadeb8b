package dev.sluice.runtime.request;

import dev.sluice.runtime.ClientLimits;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.failure.RequestFailed;
import dev.sluice.runtime.request.guard.ChunkedTrailers;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the guard asks of a request over HTTP/2 beyond what it asks of any: nothing in it may mean something else once it
 * goes on over HTTP/1 (RFC 9113 8.2, 8.3 and 10.3). The codec has refused what is no HTTP/2 at all.
 */
final class Http2Guard {
    private Http2Guard() {}

    /**
     * Checks a request whose fields are well-formed.
     *
     * @param host the header of that name
     * @throws RequestFailed when it must not go on
     */
    static RequestTarget check(HttpServerRequest request, @Nullable String host, ClientLimits limits) {
        fields(request.headers(), limits);
        List<String> crumbs = request.headers().getAll(HttpHeaders.COOKIE);
        if (crumbs.size() > 1) {
            request.headers().set(HttpHeaders.COOKIE, String.join("; ", crumbs)); // RFC 9113 8.2.3
        }
        String uri = request.uri();
        if (uri.length() > limits.uriBytes()) {
            throw new RequestFailed(Failure.URI_TOO_LONG);
        }
        Guard.require(uri.startsWith("/"));
        Guard.require("http".equalsIgnoreCase(request.scheme()) || "https".equalsIgnoreCase(request.scheme()));
        HostAndPort named = request.authority();
        Guard.require(named != null);
        String authority = named.port() < 0 ? named.host() : named.host() + ":" + named.port();
        Guard.require(host == null || host.equalsIgnoreCase(authority));
        return Guard.target(uri, 0, authority);
    }

    /**
     * Checks what came behind a body.
     *
     * @throws RequestFailed when it is no trailer section, or too large
     */
    static void checkTrailers(MultiMap trailers, ClientLimits limits) {
        for (Map.Entry<String, String> trailer : trailers) {
            Guard.field(trailer.getKey(), trailer.getValue());
            Guard.require(!ChunkedTrailers.NEVER.contains(trailer.getKey()));
        }
        fields(trailers, limits);
    }

    private static void fields(MultiMap section, ClientLimits limits) {
        int fields = 0;
        int bytes = 0;
        for (Map.Entry<String, String> field : section) {
            field(field.getKey(), field.getValue());
            fields++;
            bytes += field.getKey().length() + field.getValue().length() + 4;
        }
        if (fields > limits.headerCount() || bytes > limits.headerBytes()) {
            throw new RequestFailed(Failure.HEADERS_TOO_LARGE);
        }
    }

    /** RFC 9113 8.2.1 and 8.2.2. */
    private static void field(String name, String value) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            Guard.require(c < 'A' || c > 'Z');
        }
        Guard.require(!HopByHop.is(name) || (name.equals("te") && value.equals("trailers")));
    }
}
