package dev.sluice.model.trust;

import org.jspecify.annotations.Nullable;

/** A snapshot behind which no trusted authority stands. The message says why, in a sentence without its end. */
public final class UntrustedSnapshotException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UntrustedSnapshotException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
