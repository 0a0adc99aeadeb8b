package dev.sluice.runtime.snapshot;

import dev.sluice.model.snapshot.Revision;
import org.jspecify.annotations.Nullable;

/** A snapshot that is not put in place; the message is one sentence that says why. */
public final class RefusedSnapshotException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Revision revision;

    private final boolean trustMayHelp;

    RefusedSnapshotException(@Nullable Revision revision, String reason, @Nullable Throwable cause) {
        this(revision, reason, cause, false);
    }

    private RefusedSnapshotException(
            @Nullable Revision revision, String reason, @Nullable Throwable cause, boolean trustMayHelp) {
        super(reason, cause);
        this.revision = revision;
        this.trustMayHelp = trustMayHelp;
    }

    /** One that might be served by a runtime that knows more of whom to trust. */
    static RefusedSnapshotException asFarAsIsKnown(Revision revision, String reason, @Nullable Throwable cause) {
        return new RefusedSnapshotException(revision, reason, cause, true);
    }

    /** Whether it is worth while to ask control planes anew whom to trust, and to look at the snapshot again. */
    public boolean trustMayHelp() {
        return trustMayHelp;
    }

    /** Null where the bytes do not even say it. */
    public @Nullable Revision revision() {
        return revision;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
