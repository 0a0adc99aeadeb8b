package dev.sluice.launcher;

/** A process that did not start, or ended by itself; the message says which, and carries the end of its log. */
public final class StartFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartFailedException(String message) {
        super(message);
    }

    public StartFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
