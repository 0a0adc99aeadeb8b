package dev.sluice.runtime.failure;

import static dev.sluice.runtime.failure.Failure.Side.CLIENT;
import static dev.sluice.runtime.failure.Failure.Side.GATEWAY;
import static dev.sluice.runtime.failure.Failure.Side.UPSTREAM;

/**
 * Why a request did not get the upstream's whole answer: what the client is told, whose doing it is, and whether
 * another attempt may follow. The names are metric labels and stay as they are.
 */
public enum Failure {
    /** The request is ambiguous or malformed: framing, Host, target, or characters that may not be there. */
    BAD_REQUEST(400, CLIENT, false, "Bad request"),
    /** The client took too long over its header section, or sent nothing for too long in the middle of its body. */
    REQUEST_TIMEOUT(408, CLIENT, false, "Request timeout"),
    /** The request body is larger than clients may send. */
    BODY_TOO_LARGE(413, CLIENT, false, "Request body too large"),
    /** The request's URI is longer than clients may send. */
    URI_TOO_LONG(414, CLIENT, false, "URI too long"),
    /** The header section is larger than clients may send, or has more fields. */
    HEADERS_TOO_LARGE(431, CLIENT, false, "Request header or cookie too large"),
    /** TRACE, which would show the client what is added on the way. */
    METHOD_NOT_ALLOWED(405, CLIENT, false, "Method not allowed"),
    /** CONNECT: this is no forward proxy. */
    METHOD_NOT_IMPLEMENTED(501, CLIENT, false, "Method not implemented"),
    /** Neither HTTP/1.0 nor HTTP/1.1 stands in the request line. */
    VERSION_NOT_SUPPORTED(505, CLIENT, false, "HTTP version not supported"),
    /** The client closed its connection, or stopped reading, before it had its answer. In records only. */
    CLIENT_GONE(499, CLIENT, false, "Client closed request"),
    /** The TLS connection was opened for another host, which is shown another certificate. */
    MISDIRECTED(421, CLIENT, false, "Misdirected request"),
    /** No route takes the request. */
    NO_ROUTE(404, CLIENT, false, "no Route matched with those values"),
    /** The route is for https alone; the route may say to redirect instead. */
    HTTPS_REQUIRED(426, CLIENT, false, "Please use HTTPS protocol"),
    /** The route is for gRPC, which needs HTTP/2. */
    HTTP2_REQUIRED(426, CLIENT, false, "Please use HTTP2 protocol"),
    /** The route is for gRPC, and this is something else. */
    NOT_GRPC(415, CLIENT, false, "Non-gRPC request matched gRPC route"),

    /** The route's version has no implementation. */
    NO_IMPLEMENTATION(503, GATEWAY, false, "no implementation for this Route"),
    /** No snapshot is served yet. */
    NOT_READY(503, GATEWAY, false, "no configuration is served yet"),
    /** Too many requests wait for a connection to this upstream already. */
    OVERLOAD(503, GATEWAY, false, "The gateway is overloaded"),
    /** The upstream has no target that is healthy, or not as many as its threshold wants. */
    NO_TARGET(503, UPSTREAM, false, "failure to get a peer"),
    /** The request was not answered within the implementation's {@code request_timeout}. */
    REQUEST_DEADLINE(504, UPSTREAM, false, Failure.TIMING_OUT),
    /** Every address of the upstream lies in a denied network. */
    ADDRESS_DENIED(502, GATEWAY, false, "The upstream's address is not allowed"),
    /** A fault of the gateway itself. */
    GATEWAY_ERROR(500, GATEWAY, false, "An unexpected error occurred"),

    /** The upstream's name has no address. */
    NAME_RESOLUTION(503, UPSTREAM, false, "name resolution failed"),
    /** No connection could be made: nobody listens, or the network says that there is no way. */
    CONNECT_REFUSED(502, UPSTREAM, true, Failure.INVALID),
    /** No connection was established within {@code connect_timeout}. */
    CONNECT_TIMEOUT(504, UPSTREAM, true, Failure.TIMING_OUT),
    /** The TLS handshake failed, the upstream's certificate is not trusted, or HTTP/2 was not agreed upon where it must be. */
    TLS_FAILED(502, UPSTREAM, true, Failure.INVALID),
    /** The upstream took nothing of the request for {@code write_timeout}. */
    WRITE_TIMEOUT(504, UPSTREAM, true, Failure.TIMING_OUT),
    /** The upstream sent nothing for {@code read_timeout}. */
    READ_TIMEOUT(504, UPSTREAM, true, Failure.TIMING_OUT),
    /** The upstream closed the connection before its answer was whole. */
    UPSTREAM_CLOSED(502, UPSTREAM, false, Failure.INVALID),
    /** The upstream did nothing of the request, and said so: REFUSED_STREAM (RFC 9113 8.7). */
    STREAM_REFUSED(502, UPSTREAM, true, Failure.INVALID),
    /** The upstream did nothing of it, because it leaves the connection: beyond the last stream of its GOAWAY (RFC 9113 6.8). */
    GOING_AWAY(502, UPSTREAM, true, Failure.INVALID),
    /** What the upstream sent is not an answer to this request. */
    INVALID_RESPONSE(502, UPSTREAM, false, Failure.INVALID);

    private static final String INVALID = "An invalid response was received from the upstream server";
    private static final String TIMING_OUT = "The upstream server is timing out";

    private final int status;
    private final Side side;
    private final boolean repeatable;
    private final String message;

    /** Whose doing a failure is. */
    public enum Side {
        CLIENT,
        GATEWAY,
        UPSTREAM
    }

    Failure(int status, Side side, boolean repeatable, String message) {
        this.status = status;
        this.side = side;
        this.repeatable = repeatable;
        this.message = message;
    }

    /** The status code that the client gets and that is recorded. */
    public int status() {
        return status;
    }

    public Side side() {
        return side;
    }

    /** Whether one of the implementation's retries may follow, as far as the failure decides that. */
    public boolean repeatable() {
        return repeatable;
    }

    /** Whether the upstream has done nothing of the request for certain, however much of it was written. */
    public boolean untouched() {
        return this == STREAM_REFUSED || this == GOING_AWAY;
    }

    /** For the client. */
    public String message() {
        return message;
    }
}
