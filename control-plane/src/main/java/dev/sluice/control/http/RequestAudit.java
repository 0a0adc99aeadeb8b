package dev.sluice.control.http;

import dev.sluice.control.access.Caller;
import io.vertx.core.Future;

/** Is told of writes that failed or were refused, and of those that left no trace in their own transaction. */
@FunctionalInterface
public interface RequestAudit {
    /** Never fails. */
    Future<Void> ended(Caller caller, int status);
}
