package dev.sluice.runtime.disk;

import org.jspecify.annotations.Nullable;

/** A data directory that this process cannot have; the message is one line fit to be shown. */
public final class DataDirectoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DataDirectoryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
