package dev.sluice.control.failure;

/** The state of something else forbids it (409). The message names that and the remedy. */
public final class ConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConflictException(String message) {
        super(message);
    }
}
