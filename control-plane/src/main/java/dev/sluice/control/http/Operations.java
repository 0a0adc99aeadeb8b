package dev.sluice.control.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;

/** Where an API's operations are registered at start. */
@FunctionalInterface
public interface Operations {
    /**
     * Names the handler of an operation.
     *
     * @param operationId the contract's {@code operationId}
     * @return this, to go on
     * @throws IllegalStateException when the contract has no such operation, or it has a handler already
     */
    @CanIgnoreReturnValue
    Operations on(String operationId, Operation operation);
}
