package dev.sluice.runtime.request;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.ProxyRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests upstream. One that has a body and came over HTTP/1 is vertx-http-proxy's to send. A request without a body
 * has its header section copied once here, where vertx-http-proxy copies it twice; and of HTTP/2 vertx-http-proxy loses
 * bodies that nobody says the length of, and pauses a request that has ended, which is an error there. What it would make of
 * the answer is left aside: it cannot read every header section (a date that it does not understand, a number beyond its
 * range).
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
        boolean http2 = exchange.connection().http2();
        if (body != null && !http2) {
            ProxyRequest proxied = ProxyRequest.reverseProxy(exchange.request()).setURI(uri);
            HopByHop.remove(proxied.headers());
            UpstreamHeaders.write(exchange, proxied.headers());
            UpstreamHeaders.writeHeldBack(to, proxied.headers());
            proxied.setBody(Body.body(body, exchange.body().length()));
            proxied.send(to).onFailure(unread -> {});
            return;
        }
        if (!http2) {
            exchange.request().resume();
        }
        writeHead(to, exchange, uri);
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

    /**
     * Asks for WebSocket. vertx-http-proxy would take the connection over itself, without back-pressure, and lose it for the
     * pool where the upstream refuses.
     */
    static Future<HttpClientResponse> upgrade(HttpClientRequest to, Exchange exchange, String uri) {
        writeHead(to, exchange, uri);
        WebSocketUpgrade.write(to.headers());
        return to.connect();
    }

    private static void writeHead(HttpClientRequest to, Exchange exchange, String uri) {
        HttpServerRequest from = exchange.request();
        to.setMethod(from.method());
        to.setURI(uri);
        MultiMap headers = to.headers();
        List<String> named = HopByHop.named(from.headers());
        for (Map.Entry<String, String> header : from.headers()) {
            String name = header.getKey();
            if (!HopByHop.is(name, named)
                    && !name.equalsIgnoreCase("host")
                    && !name.equalsIgnoreCase("proxy-authenticate")) {
                headers.add(name, header.getValue());
            }
        }
        UpstreamHeaders.write(exchange, headers);
    }
}
