package dev.sluice.runtime.sync;

import java.net.URI;

/** A control plane that did not answer, or not as hoped; the message names it and says why. */
final class ControlPlaneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ControlPlaneException(URI controlPlane, Throwable cause) {
        super(controlPlane + ": " + reason(cause), cause);
    }

    /** Whether the control plane answered, and does not let this runtime do what it asked for. */
    boolean refused() {
        return getCause() instanceof RefusedByControlPlaneException answer
                && (answer.status() == 401 || answer.status() == 403 || answer.status() == 429);
    }

    /** What went wrong, and at the bottom of it: of TLS, the top alone says nothing. */
    private static String reason(Throwable cause) {
        Throwable bottom = cause;
        for (int depth = 0; bottom.getCause() != null && depth < 20; depth++) {
            bottom = bottom.getCause();
        }
        String top = text(cause);
        return bottom == cause || top.contains(text(bottom)) ? top : top + ": " + text(bottom);
    }

    private static String text(Throwable cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
