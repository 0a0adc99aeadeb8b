package dev.sluice.control.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.control.fleet.FleetGate;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the handlers of the contract's operations and mounts them: one route of the router an operation. */
public final class RestApi implements Operations {
    private static final long MOST_BODY_BYTES = 1 << 20;

    private final Vertx vertx;
    private final Contract contract;
    private final TokenCheck tokens;
    private final FleetWait fleetWait;
    private final RequestLog requests;
    private final Map<String, Operation> handlers = new HashMap<>();

    /** Without a record of requests. */
    public RestApi(Vertx vertx, Contract contract, TokenCheck tokens, FleetGate gate) {
        this(vertx, contract, tokens, gate, (operation, status, took) -> {});
    }

    /** @param requests is told of every request of an operation that has ended */
    public RestApi(Vertx vertx, Contract contract, TokenCheck tokens, FleetGate gate, RequestLog requests) {
        this.vertx = vertx;
        this.contract = contract;
        this.tokens = tokens;
        this.fleetWait = new FleetWait(gate);
        this.requests = requests;
    }

    /** Is told of a request that has ended. */
    @FunctionalInterface
    public interface RequestLog {
        void ended(String operationId, int status, Duration took);
    }

    @Override
    @CanIgnoreReturnValue
    public RestApi on(String operationId, Operation operation) {
        if (contract.operations().stream().noneMatch(known -> known.id().equals(operationId))) {
            throw new IllegalStateException("The contract has no operation " + operationId);
        }
        if (handlers.putIfAbsent(operationId, operation) != null) {
            throw new IllegalStateException("Operation " + operationId + " has a handler already");
        }
        return this;
    }

    /**
     * Mounts all operations, below {@code /v1}.
     *
     * @throws IllegalStateException when an operation of the contract has no handler
     */
    public void mount(Router router) {
        new Docs(vertx, contract).mount(router);
        Router v1 = Router.router(vertx);
        v1.route().handler(new Authentication(tokens));
        Map<String, List<String>> methods = new LinkedHashMap<>();
        for (ContractOperation operation : contract.operations()) {
            Operation handler = handlers.get(operation.id());
            if (handler == null) {
                throw new IllegalStateException("Operation " + operation.id() + " has no handler");
            }
            mount(v1, operation, handler);
            methods.computeIfAbsent(operation.path(), path -> new ArrayList<>())
                    .add(operation.method().name());
        }
        methods.forEach((path, allowed) -> v1.route(path).handler(web -> refuseMethod(web, allowed)));
        router.route("/v1/*").subRouter(v1);
    }

    private void mount(Router v1, ContractOperation operation, Operation handler) {
        route(v1, operation).handler(web -> timed(web, operation.id()));
        BodyCheck body = operation.body();
        if (body != null) {
            route(v1, operation).handler(web -> checkMediaType(web, body));
            route(v1, operation).handler(BodyHandler.create(false).setBodyLimit(MOST_BODY_BYTES));
        }
        route(v1, operation).handler(web -> run(web, operation, handler));
    }

    private static Route route(Router v1, ContractOperation operation) {
        Route route = v1.route(operation.method(), operation.path());
        return operation.method().equals(HttpMethod.GET) ? route.method(HttpMethod.HEAD) : route;
    }

    private static void checkMediaType(RoutingContext web, BodyCheck body) {
        if (!body.takes(web.request().getHeader("Content-Type"))) {
            throw new RefusedRequestException(415, "Send JSON, with the header 'Content-Type: application/json'.");
        }
        web.next();
    }

    private void timed(RoutingContext web, String operation) {
        long begin = System.nanoTime();
        web.addEndHandler(ended ->
                requests.ended(operation, web.response().getStatusCode(), Duration.ofNanos(System.nanoTime() - begin)));
        web.next();
    }

    private void run(RoutingContext web, ContractOperation operation, Operation handler) {
        Call call = Call.of(web, operation);
        handler.handle(call)
                .compose(answer -> fleetWait.after(web.request().getHeader("Prefer"), answer))
                .onComplete(answer -> AnswerWriter.write(web, answer), web::fail);
    }

    private static void refuseMethod(RoutingContext web, List<String> allowed) {
        String list = String.join(", ", allowed) + (allowed.contains("GET") ? ", HEAD" : "");
        Problem.of(405, "Method not allowed", "Here one can " + list + ".")
                .with("Allow", list)
                .send(web);
    }
}
