package dev.sluice.runtime.request;

import dev.sluice.runtime.failure.Failure;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/**
 * What a gateway has to know of gRPC over HTTP/2 (grpc/grpc: doc/PROTOCOL-HTTP2.md): how it is recognised, and how it
 * says that a call failed. All else are headers, bodies and trailers like any others.
 */
final class Grpc {
    private static final String CONTENT_TYPE = "application/grpc";
    private static final int UNKNOWN = 2;
    private static final int DEADLINE_EXCEEDED = 4;
    private static final int RESOURCE_EXHAUSTED = 8;
    private static final int UNIMPLEMENTED = 12;
    private static final int INTERNAL = 13;
    private static final int UNAVAILABLE = 14;

    private Grpc() {}

    /** Whether this is a gRPC call. */
    static boolean spokenBy(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null || !type.regionMatches(true, 0, CONTENT_TYPE, 0, CONTENT_TYPE.length())) {
            return false;
        }
        boolean whole = type.length() == CONTENT_TYPE.length();
        char next = whole ? ';' : type.charAt(CONTENT_TYPE.length());
        return request.version() == HttpVersion.HTTP_2 && (next == ';' || next == '+' || next == ' ');
    }

    /** Makes a response one that ends a call before it began: status and message in its only header section. */
    static void write(HttpServerResponse response, Failure failure) {
        response.setStatusCode(200);
        response.putHeader(HttpHeaders.CONTENT_TYPE, CONTENT_TYPE);
        response.putHeader("grpc-status", Integer.toString(status(failure)));
        response.putHeader("grpc-message", percentEncoded(failure.message()));
    }

    private static int status(Failure failure) {
        return switch (failure.status()) {
            case 400 -> INTERNAL;
            case 404, 405, 426, 501 -> UNIMPLEMENTED;
            case 408, 504 -> DEADLINE_EXCEEDED;
            case 413, 414, 429, 431 -> RESOURCE_EXHAUSTED;
            case 502, 503 -> UNAVAILABLE;
            default -> UNKNOWN;
        };
    }

    private static String percentEncoded(String message) {
        StringBuilder encoded = new StringBuilder(message.length());
        for (byte octet : message.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= 0x20 && octet < 0x7f && octet != '%') {
                encoded.append((char) octet);
            } else {
                encoded.append(String.format("%%%02X", octet & 0xff));
            }
        }
        return encoded.toString();
    }
}
