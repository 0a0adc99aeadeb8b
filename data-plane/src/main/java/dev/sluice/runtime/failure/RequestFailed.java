package dev.sluice.runtime.failure;

import io.vertx.core.VertxException;

/** Carries a failure out of a phase. Has no stack trace: it is an outcome, not a fault. */
public final class RequestFailed extends VertxException {
    private static final long serialVersionUID = 1L;

    private final Failure failure;

    public RequestFailed(Failure failure) {
        super(failure.name(), true);
        this.failure = failure;
    }

    public RequestFailed(Failure failure, Throwable cause) {
        super(failure.name(), cause, true);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
