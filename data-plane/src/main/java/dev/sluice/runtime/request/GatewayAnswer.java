package dev.sluice.runtime.request;

import dev.sluice.model.config.Route;
import dev.sluice.runtime.failure.Failure;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the gateway answers itself: a sentence in the form that the client asked for, with the request's id. */
final class GatewayAnswer {
    /**
     * How long a connection whose request could not be parsed stays open after the answer: closing it while the client
     * still sends would take the answer back.
     */
    private static final long LINGER_MS = 200;

    private GatewayAnswer() {}

    /** Answers and records; nothing where nobody can be answered any more. */
    static void send(Exchange exchange, Failure failure) {
        if (exchange.over()) {
            return;
        }
        if (Grpc.spokenBy(exchange.request())) {
            sendStatus(exchange, failure);
            return;
        }
        if (mustClose(failure) && mayStillSend(exchange)) {
            sendAndLinger(exchange, failure);
            return;
        }
        Buffer body = prepare(exchange, failure);
        HttpServerResponse response = exchange.response();
        exchange.record(response.getStatusCode(), failure);
        boolean head = HttpMethod.HEAD.equals(exchange.request().method());
        exchange.endAfter(head ? response.end() : response.end(body));
    }

    /** Where nothing tells how much is still to come, it cannot be read to its end before the connection is closed. */
    private static boolean mayStillSend(Exchange exchange) {
        return exchange.request().version() != HttpVersion.HTTP_2
                && !exchange.body().present();
    }

    /** As {@link #send}, to a request that could not be read to its end: its connection is closed a moment after the answer. */
    static void sendAndLinger(Exchange exchange, Failure failure) {
        Buffer body = prepare(exchange, failure);
        HttpServerResponse response = exchange.response();
        exchange.record(response.getStatusCode(), failure);
        boolean head = HttpMethod.HEAD.equals(exchange.request().method());
        Future<Void> written = head ? response.writeHead() : response.write(body);
        exchange.endAfter(written.compose(sent ->
                        exchange.loop().context().owner().timer(LINGER_MS).mapEmpty())
                .compose(lingered -> response.closed() ? Future.succeededFuture() : response.end())
                .onComplete(ended -> exchange.connection().close()));
    }

    /** What a gRPC client understands. It is recorded as what any other client would have been sent. */
    private static void sendStatus(Exchange exchange, Failure failure) {
        HttpServerResponse response = exchange.response();
        response.headers().clear();
        ClientHeaders.write(exchange);
        Grpc.write(response, failure);
        exchange.record(failure.status(), failure);
        exchange.endAfter(response.end());
    }

    private static Buffer prepare(Exchange exchange, Failure failure) {
        HttpServerResponse response = exchange.response();
        response.headers().clear();
        response.setStatusCode(failure.status());
        if (mustClose(failure)) {
            exchange.closeAfter();
        }
        switch (failure) {
            case HTTPS_REQUIRED -> httpsRequired(exchange, response);
            case HTTP2_REQUIRED -> upgrade(exchange, "HTTP/2");
            case METHOD_NOT_ALLOWED ->
                response.putHeader(HttpHeaders.ALLOW, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
            case OVERLOAD, NOT_READY -> response.putHeader(HttpHeaders.RETRY_AFTER, "1");
            default -> {}
        }
        // An upstream's answer that could not be sent on may have left its own phrase.
        response.setStatusMessage(
                HttpResponseStatus.valueOf(response.getStatusCode()).reasonPhrase());
        ClientHeaders.write(exchange);
        Form form = Form.preferred(exchange.request().getHeader(HttpHeaders.ACCEPT));
        Buffer body = Buffer.buffer(form.text(failure.message(), exchange.id()));
        response.putHeader(HttpHeaders.CONTENT_TYPE, form.mediaType);
        response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        return body;
    }

    /** After these nobody can be sure where the next request begins. */
    private static boolean mustClose(Failure failure) {
        return switch (failure) {
            case BAD_REQUEST,
                    REQUEST_TIMEOUT,
                    METHOD_NOT_IMPLEMENTED,
                    BODY_TOO_LARGE,
                    URI_TOO_LONG,
                    HEADERS_TOO_LARGE,
                    VERSION_NOT_SUPPORTED -> true;
            default -> false;
        };
    }

    private static void httpsRequired(Exchange exchange, HttpServerResponse response) {
        Route route = exchange.route();
        RequestTarget target = exchange.target();
        int status = route == null ? 426 : route.httpsRedirectStatusCode();
        if (status == 426 || target.host() == null) {
            upgrade(exchange, "TLS/1.2, HTTP/1.1");
        } else {
            response.setStatusCode(status);
            String authority = target.host() + port(exchange.loop().httpsPort().getAsInt());
            response.putHeader(HttpHeaders.LOCATION, "https://" + authority + target.path() + target.query());
        }
    }

    /** With its colon; nothing for the scheme's own port, and where there is none. */
    private static String port(int port) {
        return port < 0 || port == 443 ? "" : ":" + port;
    }

    /** Over HTTP/2 there is no such thing (RFC 9113 8.6). */
    private static void upgrade(Exchange exchange, String protocol) {
        if (!exchange.connection().http2()) {
            exchange.response().putHeader(HttpHeaders.UPGRADE, protocol);
            exchange.response().putHeader(HttpHeaders.CONNECTION, "Upgrade");
        }
    }

    /** The forms of an answer. */
    private enum Form {
        JSON("application/json; charset=utf-8"),
        HTML("text/html; charset=utf-8"),
        PLAIN("text/plain; charset=utf-8");

        private final String mediaType;

        Form(String mediaType) {
            this.mediaType = mediaType;
        }

        /** The one that the client likes best (RFC 9110 12.5.1); JSON where it does not say. */
        static Form preferred(@Nullable String accept) {
            if (accept == null || accept.equals("*/*")) {
                return JSON;
            }
            Form best = JSON;
            double bestQuality = 0;
            for (String range : accept.split(",", -1)) {
                String[] parts = range.split(";", -1);
                Form form = of(parts[0].strip().toLowerCase(Locale.ROOT));
                double quality = quality(parts);
                if (form != null && quality > bestQuality) {
                    best = form;
                    bestQuality = quality;
                }
            }
            return best;
        }

        private static @Nullable Form of(String range) {
            return switch (range) {
                case "application/json", "application/*", "*/*" -> JSON;
                case "text/html", "application/xhtml+xml" -> HTML;
                case "text/plain", "text/*" -> PLAIN;
                default -> null;
            };
        }

        private static double quality(String[] parts) {
            for (int i = 1; i < parts.length; i++) {
                String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
                if (parameter.startsWith("q=")) {
                    try {
                        return Double.parseDouble(parameter.substring(2));
                    } catch (NumberFormatException e) {
                        return 0;
                    }
                }
            }
            return 1;
        }

        String text(String message, String requestId) {
            return switch (this) {
                case JSON ->
                    new JsonObject()
                                    .put("message", message)
                                    .put("request_id", requestId)
                                    .encode()
                            + "\n";
                case HTML ->
                    "<!doctype html>\n<html><head><meta charset=\"utf-8\"><title>" + message
                            + "</title></head>\n<body><h1>" + message + "</h1><p>request_id: " + requestId
                            + "</p></body></html>\n";
                case PLAIN -> message + "\nrequest_id: " + requestId + "\n";
            };
        }
    }
}
