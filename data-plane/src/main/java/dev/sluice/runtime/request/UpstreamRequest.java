package dev.sluice.runtime.request;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends the request of a client that speaks HTTP/2. vertx-http-proxy cannot: it loses bodies that nobody says the length
 * of, and pauses a request that has ended, which is an error over HTTP/2.
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
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(from.headers());
        UpstreamHeaders.write(exchange, headers);
        to.setMethod(from.method());
        to.setURI(uri);
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey();
            if (!HopByHop.is(name) && !name.equalsIgnoreCase("host")) {
                to.headers().add(name, header.getValue());
            }
        }
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
