package dev.sluice.runtime.snapshot;

import dev.sluice.model.snapshot.Revision;
import org.jspecify.annotations.Nullable;

/** A snapshot that is not put in place; the message is one sentence that says why. */
public final class RefusedSnapshotException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Revision revision;

    RefusedSnapshotException(@Nullable Revision revision, String reason, @Nullable Throwable cause) {
        super(reason, cause);
        this.revision = revision;
    }

    /** Null where the bytes do not even say it. */
    public @Nullable Revision revision() {
        return revision;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
