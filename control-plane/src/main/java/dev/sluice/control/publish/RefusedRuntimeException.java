package dev.sluice.control.publish;

/** A call of the runtime API by somebody who may not make it. The message is for the caller and holds no secret. */
public final class RefusedRuntimeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status 401: no valid credential; 403: a valid one, but not for this */
    public RefusedRuntimeException(int status, String message) {
        super(message);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
