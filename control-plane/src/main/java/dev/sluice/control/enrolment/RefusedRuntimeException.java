package dev.sluice.control.enrolment;

/**
 * A call of the runtime API by somebody who may not make it. The message is for the caller and holds no secret, and
 * nothing that a stranger chose: it is logged once an address.
 */
public final class RefusedRuntimeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final int retryAfter;

    /** @param status 401: nothing valid was shown; 403: something valid, but not for this */
    public RefusedRuntimeException(int status, String message) {
        this(status, message, 0);
    }

    private RefusedRuntimeException(int status, String message, int retryAfter) {
        super(message);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    /** 429. */
    static RefusedRuntimeException tooOften(String message, int retryAfterSeconds) {
        return new RefusedRuntimeException(429, message, retryAfterSeconds);
    }

    public int status() {
        return status;
    }

    /** Seconds until it is worth another try; 0 where that is not known. */
    public int retryAfter() {
        return retryAfter;
    }
}
