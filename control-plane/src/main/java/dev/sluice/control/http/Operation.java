package dev.sluice.control.http;

import io.vertx.core.Future;

/** What one operation of the contract does. A failed future becomes a problem answer by the frame's one table. */
@FunctionalInterface
public interface Operation {
    /** Called on an event loop with a call that is authenticated and valid by the contract. */
    Future<Answer> handle(Call call);
}
