package dev.sluice.runtime.sync;

/** An answer of a control plane with another status than 200. */
final class RefusedByControlPlaneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    RefusedByControlPlaneException(int status, String reason) {
        super("status " + status + (reason.isEmpty() ? "" : ": " + reason));
        this.status = status;
    }

    int status() {
        return status;
    }
}
