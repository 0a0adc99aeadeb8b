package dev.sluice.control.failure;

/** The database does not answer just now (503); nothing was written, or it is not known whether it was. */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnavailableException(String message) {
        super(message);
    }
}
