package dev.sluice.control.failure;

/** Nothing of this id or name exists (404). The message names what was looked for. */
public final class NotFoundException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotFoundException(String message) {
        super(message);
    }
}
