package dev.sluice.runtime.request;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request without a body, copying its header section once where vertx-http-proxy copies it twice, and that of a
 * client that speaks HTTP/2. For those vertx-http-proxy will not do: it loses bodies that nobody says the length of, and
 * pauses a request that has ended, which is an error over HTTP/2.
 */
final class UpstreamRequest {
    private UpstreamRequest() {}

    /**
     * Sends it; what goes wrong is told to its exception handler.
     *
     * @param to has what only the upstream's connection can carry
     * @param body null for none
     */
    static void send(HttpClientRequest to, Exchange exchange, String uri, @Nullable ReadStream<Buffer> body) {
        HttpServerRequest from = exchange.request();
        to.setMethod(from.method());
        to.setURI(uri);
        MultiMap headers = to.headers();
        List<String> named = HopByHop.named(from.headers());
        for (Map.Entry<String, String> header : from.headers()) {
            String name = header.getKey();
            boolean dropped = HopByHop.is(name) || (!named.isEmpty() && named.contains(name.toLowerCase(Locale.ROOT)));
            if (!dropped && !name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("proxy-authenticate")) {
                headers.add(name, header.getValue());
            }
        }
        UpstreamHeaders.write(exchange, headers);
        if (body == null) {
            to.end();
            return;
        }
        if (exchange.body().length() >= 0) {
            to.putHeader(
                    HttpHeaders.CONTENT_LENGTH, Long.toString(exchange.body().length()));
        } else {
            to.setChunked(true);
        }
        body.pipe().endOnFailure(false).to(to).onFailure(broken -> to.reset());
    }
}
