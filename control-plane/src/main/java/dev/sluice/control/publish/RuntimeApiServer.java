package dev.sluice.control.publish;

import dev.sluice.control.db.Database;
import dev.sluice.control.metrics.ControlPlaneMeters;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.wire.RuntimeApi;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server that runtimes call, apart from the REST API. Who calls is established before a byte of a body is
 * read.
 */
public final class RuntimeApiServer {
    private static final Logger log = LoggerFactory.getLogger(RuntimeApiServer.class);
    private static final String CALLER = "caller";
    private static final int IDLE_SECONDS = 60;

    private final HostPort bind;
    private final RuntimeAuthenticator authenticator;
    private final ControlPlaneMeters meters;
    private final SnapshotApi snapshots;
    private final ReportApi reports;
    private final HttpServer server;
    private final ToldOnce told = new ToldOnce();

    /** @param heads finds a group's head by the group's name; fails with NotFoundException */
    public RuntimeApiServer(
            Vertx vertx,
            HostPort bind,
            RuntimeAuthenticator authenticator,
            Function<String, Future<Snapshot>> heads,
            Database database,
            ControlPlaneMeters meters) {
        this.bind = bind;
        this.authenticator = authenticator;
        this.meters = meters;
        this.snapshots = new SnapshotApi(vertx, heads);
        this.reports = new ReportApi(vertx, new ReportIngest(database, meters));
        this.server = vertx.createHttpServer(
                        new HttpServerOptions().setIdleTimeout(IDLE_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS))
                .requestHandler(router(vertx));
    }

    /** The future's value is where it listens: port 0 of the settings takes a free one. */
    public Future<HostPort> listen() {
        return server.listen(bind.port(), bind.host()).map(bound -> new HostPort(bind.host(), bound.actualPort()));
    }

    /** Calls in progress are finished. */
    public Future<Void> close() {
        return server.shutdown(5, TimeUnit.SECONDS);
    }

    private Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.route(RuntimeApi.SNAPSHOT_PATH).handler(timed("runtimeSnapshot")).handler(this::authenticate);
        router.get(RuntimeApi.SNAPSHOT_PATH).handler(operation(snapshots::handle));
        router.route(RuntimeApi.REPORT_PATH).handler(timed("runtimeReport")).handler(this::authenticate);
        router.post(RuntimeApi.REPORT_PATH)
                .handler(BodyHandler.create(false).setBodyLimit(RuntimeApi.MAX_REPORT_BYTES))
                .handler(operation(reports::handle));
        router.route().failureHandler(this::fail);
        for (int status : new int[] {400, 404, 405, 413, 500}) {
            router.errorHandler(status, this::fail);
        }
        return router;
    }

    private void authenticate(RoutingContext web) {
        web.put(CALLER, authenticator.authenticate(web.request()));
        web.next();
    }

    private static Handler<RoutingContext> operation(BiFunction<RoutingContext, RuntimeCaller, Future<Void>> handler) {
        return web -> handler.apply(web, web.get(CALLER)).onFailure(web::fail);
    }

    private Handler<RoutingContext> timed(String operation) {
        return web -> {
            long begin = System.nanoTime();
            web.addEndHandler(ended -> meters.requestEnded(
                    operation, web.response().getStatusCode(), Duration.ofNanos(System.nanoTime() - begin)));
            web.next();
        };
    }

    private void fail(RoutingContext web) {
        if (web.response().ended() || web.response().closed()) {
            return;
        }
        RuntimeProblem problem = RuntimeProblem.of(web.failure(), web.statusCode());
        note(web, problem);
        if (web.response().headWritten()) {
            web.request().connection().close().onFailure(gone -> log.debug("Already closed", gone));
            return;
        }
        if (!web.request().isEnded()) {
            web.response().putHeader("Connection", "close");
        }
        problem.answer(web.request()).onFailure(gone -> log.debug("The caller went away before its answer", gone));
    }

    private void note(RoutingContext web, RuntimeProblem problem) {
        String peer = web.request().remoteAddress().hostAddress();
        if (web.failure() instanceof RefusedRuntimeException refused) {
            if (told.isNew(peer + " " + refused.status())) {
                log.warn("Refused a call of the runtime API from {} (told once): {}", peer, refused.getMessage());
            }
        } else if (web.failure() instanceof InvalidConfigurationException invalid) {
            meters.reportRefused();
            if (told.isNew(peer + " report")) {
                log.warn("Refused a report from {} (told once): {}", peer, invalid.getMessage());
            }
        } else if (problem.isUnexpected()) {
            log.error(
                    "{} {} from {} failed",
                    web.request().method(),
                    web.request().path(),
                    peer,
                    web.failure());
        }
    }
}
