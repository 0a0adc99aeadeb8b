package dev.sluice.runtime.sync;

import java.net.URI;

/** A control plane that did not answer, or not as hoped; the message names it and says why. */
final class ControlPlaneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ControlPlaneException(URI controlPlane, Throwable cause) {
        super(controlPlane + ": " + (cause.getMessage() == null ? cause.toString() : cause.getMessage()), cause);
    }
}
