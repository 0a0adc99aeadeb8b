package dev.sluice.control.failure;

/** The entity is no longer the one that {@code If-Match} named (412). */
public final class StaleEntityException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StaleEntityException(String message) {
        super(message);
    }
}
