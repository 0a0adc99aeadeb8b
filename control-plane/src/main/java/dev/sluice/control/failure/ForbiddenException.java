package dev.sluice.control.failure;

/** The caller may not do this; the message says which role is missing, and where. */
public final class ForbiddenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ForbiddenException(String message) {
        super(message);
    }
}
