package dev.sluice.control.publish;

import io.vertx.core.http.HttpServerRequest;

/** Says who calls the runtime API. The one place that knows how runtimes prove it. */
@FunctionalInterface
public interface RuntimeAuthenticator {
    /** @throws RefusedRuntimeException when the caller does not prove to be a runtime */
    RuntimeCaller authenticate(HttpServerRequest request);
}
