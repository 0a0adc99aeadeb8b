package dev.sluice.model.snapshot;

/** Bytes that are not a whole, untouched snapshot. The message says what is wrong with them. */
public final class InvalidSnapshotException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidSnapshotException(String message) {
        super(message);
    }

    public InvalidSnapshotException(String message, Throwable cause) {
        super(message, cause);
    }
}
