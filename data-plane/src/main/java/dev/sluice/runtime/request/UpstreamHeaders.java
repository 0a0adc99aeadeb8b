package dev.sluice.runtime.request;

import dev.sluice.model.routing.RouteMatch;
import dev.sluice.runtime.upstream.Destination;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import org.jspecify.annotations.Nullable;

/** The header section that goes upstream, made of the client's. */
final class UpstreamHeaders {
    private static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("x-forwarded-for");
    private static final CharSequence FORWARDED_PROTO = HttpHeaders.createOptimized("x-forwarded-proto");
    private static final CharSequence FORWARDED_HOST = HttpHeaders.createOptimized("x-forwarded-host");
    private static final CharSequence FORWARDED_PORT = HttpHeaders.createOptimized("x-forwarded-port");
    private static final CharSequence FORWARDED_PATH = HttpHeaders.createOptimized("x-forwarded-path");
    private static final CharSequence FORWARDED_PREFIX = HttpHeaders.createOptimized("x-forwarded-prefix");
    private static final CharSequence REAL_IP = HttpHeaders.createOptimized("x-real-ip");
    static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    static final CharSequence VIA = HttpHeaders.createOptimized("via");
    static final String VIA_VALUE = "1.1 sluice";

    private UpstreamHeaders() {}

    /** @param headers a copy of the client's, without those that are for one connection alone; it becomes what is sent */
    static void write(Exchange exchange, MultiMap headers) {
        if (!exchange.body().awaited() || exchange.body().buffered()) {
            headers.remove(HttpHeaders.EXPECT); // answered here
        }
        if (exchange.loop().adds("forwarded")) {
            forwarded(exchange, headers);
        }
        if (exchange.loop().adds("via")) {
            append(headers, VIA, VIA_VALUE);
        }
        if (exchange.loop().adds("request_id")) {
            headers.set(REQUEST_ID, exchange.id());
        }
        Trace.write(exchange.trace(), headers);
    }

    /** What vertx-http-proxy holds back of them. Whoever asked for these credentials may be behind us (RFC 9110 11.7.2). */
    static void writeHeldBack(HttpClientRequest request, MultiMap headers) {
        String credentials = headers.get(HttpHeaders.PROXY_AUTHORIZATION);
        if (credentials != null) {
            request.putHeader(HttpHeaders.PROXY_AUTHORIZATION, credentials);
        }
    }

    /** What only the request on the upstream's connection can carry. */
    static void writeTo(HttpClientRequest request, Exchange exchange, RouteMatch match, Destination destination) {
        String sent = exchange.target().authority();
        boolean preserve = match.target().route().preserveHost() && sent != null && !destination.insists();
        boolean trailers = HopByHop.acceptsTrailers(exchange.request().headers());
        if (trailers) {
            request.putHeader("te", "trailers");
        }
        if (exchange.body().inChunks()) {
            // vertx-http-proxy takes it off.
            request.headers().add("trailer", exchange.request().headers().getAll("trailer"));
        }
        if (request.version() == HttpVersion.HTTP_2) {
            RequestTarget target = exchange.target();
            request.authority(
                    preserve && target.host() != null
                            ? HostAndPort.create(target.host(), target.port())
                            : HostAndPort.parseAuthority(destination.authority(), -1));
            return;
        }
        request.putHeader(HttpHeaders.HOST, preserve ? sent : destination.authority());
        if (trailers) {
            request.putHeader(HttpHeaders.CONNECTION, "te");
        }
    }

    private static void forwarded(Exchange exchange, MultiMap headers) {
        ClientConnection client = exchange.connection();
        RequestTarget target = exchange.target();
        RouteMatch match = exchange.match();
        boolean keep = client.trusted();
        append(headers, FORWARDED_FOR, client.address());
        set(headers, REAL_IP, client.address(), keep);
        set(headers, FORWARDED_PROTO, exchange.request().isSSL() ? "https" : "http", keep);
        set(headers, FORWARDED_HOST, target.host(), keep);
        set(headers, FORWARDED_PORT, Integer.toString(client.localPort()), keep);
        set(headers, FORWARDED_PATH, target.path(), keep);
        set(headers, FORWARDED_PREFIX, match == null ? null : match.strippedPrefix(), keep);
    }

    private static void set(MultiMap headers, CharSequence name, @Nullable String value, boolean keep) {
        if (keep && headers.contains(name)) {
            return;
        }
        if (value == null) {
            headers.remove(name);
        } else {
            headers.set(name, value);
        }
    }

    private static void append(MultiMap headers, CharSequence name, String value) {
        if (headers.contains(name)) {
            headers.set(name, String.join(", ", headers.getAll(name)) + ", " + value);
        } else {
            headers.set(name, value);
        }
    }
}
