package dev.sluice.model.trust;

import org.jspecify.annotations.Nullable;

/** A sealed value that cannot be opened. The message holds nothing secret. */
public final class UnsealableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnsealableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
