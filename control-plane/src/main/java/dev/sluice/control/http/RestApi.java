package dev.sluice.control.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.control.access.Caller;
import dev.sluice.control.fleet.FleetGate;
import dev.sluice.model.net.Cidr;
import io.vertx.core.Future;
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
    private final CallerLookup callers;
    private final FleetWait fleetWait;
    private final RequestAudit audit;
    private final RequestLog requests;
    private final Map<String, Operation> handlers = new HashMap<>();
    private TrustedProxies proxies = new TrustedProxies(List.of());

    /** @param requests is told of every request of an operation that has ended */
    public RestApi(
            Vertx vertx,
            Contract contract,
            CallerLookup callers,
            FleetGate gate,
            RequestAudit audit,
            RequestLog requests) {
        this.vertx = vertx;
        this.contract = contract;
        this.callers = callers;
        this.fleetWait = new FleetWait(gate);
        this.audit = audit;
        this.requests = requests;
    }

    /** Believes the proxies in these networks when they say for whom they ask; without it, none. */
    @CanIgnoreReturnValue
    public RestApi behind(List<Cidr> networks) {
        proxies = new TrustedProxies(networks);
        return this;
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
        new Console(vertx).mount(router);
        Router v1 = Router.router(vertx);
        v1.route().handler(RestApi::secure);
        contract.operations().forEach(operation -> route(v1, operation).handler(web -> begin(web, operation)));
        mountAll(v1, true);
        v1.route().handler(new Authentication(callers));
        mountAll(v1, false);
        Map<String, List<String>> methods = new LinkedHashMap<>();
        for (ContractOperation operation : contract.operations()) {
            methods.computeIfAbsent(operation.path(), path -> new ArrayList<>())
                    .add(operation.method().name());
        }
        methods.forEach((path, allowed) -> v1.route(path).handler(web -> refuseMethod(web, allowed)));
        router.route("/v1/*").subRouter(v1);
    }

    /** Those that anybody may call are mounted before callers are asked who they are, the others after. */
    private void mountAll(Router v1, boolean isPublic) {
        for (ContractOperation operation : contract.operations()) {
            Operation handler = handlers.get(operation.id());
            if (handler == null) {
                throw new IllegalStateException("Operation " + operation.id() + " has no handler");
            }
            if (operation.need().isPublic() == isPublic) {
                mount(v1, operation, handler);
            }
        }
    }

    private void mount(Router v1, ContractOperation operation, Operation handler) {
        route(v1, operation).handler(web -> {
            operation.need().check(Authentication.principal(web).grants());
            web.next();
        });
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

    /** No answer of an operation is kept anywhere, or shown as a page. */
    private static void secure(RoutingContext web) {
        web.response()
                .putHeader("Cache-Control", "no-store")
                .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        web.next();
    }

    private void begin(RoutingContext web, ContractOperation operation) {
        proxies.begin(web);
        RequestCaller.begin(web, operation, audit, callers);
        long begin = System.nanoTime();
        web.addEndHandler(ended -> requests.ended(
                operation.id(), web.response().getStatusCode(), Duration.ofNanos(System.nanoTime() - begin)));
        web.next();
    }

    private void run(RoutingContext web, ContractOperation operation, Operation handler) {
        Call call = Call.of(web, operation);
        handler.handle(call)
                .compose(answer -> checked(call, operation, answer))
                .compose(answer -> fleetWait.after(web.request().getHeader("Prefer"), answer))
                .onComplete(answer -> AnswerWriter.write(web, answer), web::fail);
    }

    /** What answered without asking whether the caller may is a fault of ours, and he is not shown the answer. */
    private Future<Answer> checked(Call call, ContractOperation operation, Answer answer) {
        Caller caller = call.caller();
        if (operation.need().mustAsk(caller.principal().grants()) && !caller.wasAsked()) {
            return Future.failedFuture(new IllegalStateException(
                    "Operation " + operation.id() + " asked for no group that its caller may see"));
        }
        return operation.readsOnly() || caller.wasAudited()
                ? Future.succeededFuture(answer)
                : audit.ended(caller, answer.status()).map(answer);
    }

    private static void refuseMethod(RoutingContext web, List<String> allowed) {
        String list = String.join(", ", allowed) + (allowed.contains("GET") ? ", HEAD" : "");
        Problem.of(405, "Method not allowed", "Here one can " + list + ".")
                .with("Allow", list)
                .send(web);
    }
}
