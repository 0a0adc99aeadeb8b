package dev.sluice.runtime.request;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.model.config.Route;
import java.util.UUID;

/** An upstream with targets behind a route to {@code /}, served by a gateway. */
final class Balanced {
    private final TestGateway gateway;
    private final UUID upstream = UUID.randomUUID();
    private final Route route;

    /** @param implementation more of it, as JSON */
    Balanced(TestGateway gateway, String upstreamJson, String implementation, String routeJson) {
        this.gateway = gateway;
        gateway.declare(Declared.upstream(upstream, upstreamJson));
        String json = implementation.substring(0, implementation.length() - 1)
                + (implementation.equals("{}") ? "" : ",") + "'host':'balanced.upstream'}";
        this.route = gateway.serve(80, json, routeJson);
    }

    Balanced(TestGateway gateway, String upstreamJson) {
        this(gateway, upstreamJson, "{}", "{'paths':['/']}");
    }

    Route route() {
        return route;
    }

    @CanIgnoreReturnValue
    UUID target(String address, String json) {
        UUID id = UUID.randomUUID();
        target(id, address, json);
        return id;
    }

    @CanIgnoreReturnValue
    UUID target(int port) {
        return target("127.0.0.1:" + port, "{}");
    }

    void target(UUID id, String address, String json) {
        gateway.declare(Declared.target(upstream, id, address, json));
        gateway.swap();
    }

    void upstream(String json) {
        gateway.declare(Declared.upstream(upstream, json));
        gateway.swap();
    }
}
