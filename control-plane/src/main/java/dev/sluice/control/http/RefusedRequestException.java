package dev.sluice.control.http;

import java.util.Map;

/** A request that is refused for what it is as a request, whatever it is about. */
public final class RefusedRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String message;

    @SuppressWarnings("serial") // immutable, and never serialized
    private final Map<String, String> headers;

    public RefusedRequestException(int status, String message) {
        this(status, message, Map.of());
    }

    private RefusedRequestException(int status, String message, Map<String, String> headers) {
        super(message);
        this.message = message;
        this.status = status;
        this.headers = headers;
    }

    /** The same, whose answer has this header. */
    public RefusedRequestException with(String header, String value) {
        return new RefusedRequestException(status, message, Map.of(header, value));
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }
}
