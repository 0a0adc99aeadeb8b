package dev.sluice.runtime.request;

import dev.sluice.model.config.Route;
import dev.sluice.runtime.request.guard.InterimAnswers;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;

/** The header section that goes to the client. */
final class ClientHeaders {
    private static final CharSequence UPSTREAM_LATENCY = HttpHeaders.createOptimized("X-Sluice-Upstream-Latency");
    private static final CharSequence PROXY_LATENCY = HttpHeaders.createOptimized("X-Sluice-Proxy-Latency");
    private static final CharSequence RESPONSE_LATENCY = HttpHeaders.createOptimized("X-Sluice-Response-Latency");

    private ClientHeaders() {}

    /**
     * Of an upstream's answer.
     *
     * @param upstreamMillis that the upstream took until its header section was there
     */
    static void write(Exchange exchange, HttpClientResponse from, long upstreamMillis) {
        HttpServerResponse to = exchange.response();
        MultiMap headers = to.headers();
        List<String> named = HopByHop.named(from.headers());
        for (Map.Entry<String, String> header : from.headers()) {
            String name = header.getKey();
            if (!HopByHop.is(name, named)) {
                headers.add(name, header.getValue());
            }
        }
        if (exchange.loop().adds("latency")) {
            long proxyMillis = Math.max(0, exchange.millisSoFar() - upstreamMillis);
            headers.set(UPSTREAM_LATENCY, Long.toString(upstreamMillis));
            headers.set(PROXY_LATENCY, Long.toString(proxyMillis));
        }
        if (exchange.loop().adds("via")) {
            String others = headers.contains(UpstreamHeaders.VIA)
                    ? String.join(", ", headers.getAll(UpstreamHeaders.VIA)) + ", "
                    : "";
            headers.set(UpstreamHeaders.VIA, others + UpstreamHeaders.VIA_VALUE);
        }
        writeOwn(exchange, headers);
    }

    /** Of an answer that the gateway makes itself. */
    static void write(Exchange exchange) {
        MultiMap headers = exchange.response().headers();
        if (exchange.loop().adds("latency")) {
            headers.set(RESPONSE_LATENCY, Long.toString(exchange.millisSoFar()));
        }
        writeOwn(exchange, headers);
    }

    /**
     * Of what comes before an answer: what is for one connection alone is taken off as from any header section, and so is
     * a length, which it cannot have (RFC 9110 8.6).
     */
    static MultiMap interim(MultiMap from) {
        MultiMap fields = MultiMap.caseInsensitiveMultiMap();
        List<String> named = HopByHop.named(from);
        for (Map.Entry<String, String> header : from) {
            String name = header.getKey();
            if (!HopByHop.is(name, named)
                    && !name.equalsIgnoreCase(InterimAnswers.STATUS)
                    && !name.equalsIgnoreCase("content-length")) {
                fields.add(name, header.getValue());
            }
        }
        return fields;
    }

    private static void writeOwn(Exchange exchange, MultiMap headers) {
        if (exchange.body().awaited()) {
            exchange.closeAfter(); // whether the body still comes, nobody can tell
        }
        if (exchange.loop().adds("request_id")) {
            headers.set(UpstreamHeaders.REQUEST_ID, exchange.id());
        }
        String cookie = exchange.cookie();
        if (cookie != null) {
            headers.add(HttpHeaders.SET_COOKIE, cookie);
        }
        Route route = exchange.route();
        if (route != null
                && exchange.loop().settings().debugHeader()
                && "1".equals(exchange.request().getHeader("sluice-debug"))) {
            headers.set("Sluice-Route-Id", route.id().toString());
            if (route.name() != null) {
                headers.set("Sluice-Route-Name", route.name());
            }
            headers.set("Sluice-Version-Id", route.versionId().toString());
        }
        if (exchange.loop().lifecycle().draining()) {
            exchange.closeAfter();
        }
        if (exchange.connection().http2()) {
            if (exchange.loop().lifecycle().draining()) {
                exchange.connection().farewell();
            }
        } else if (exchange.closesAfter()) {
            headers.add(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            exchange.connection().toldToEnd();
        }
    }
}
