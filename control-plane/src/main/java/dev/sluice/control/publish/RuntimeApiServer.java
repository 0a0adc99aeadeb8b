package dev.sluice.control.publish;

import dev.sluice.control.db.Database;
import dev.sluice.control.enrolment.Admission;
import dev.sluice.control.enrolment.EnrolmentApi;
import dev.sluice.control.enrolment.RefusedRuntimeException;
import dev.sluice.control.enrolment.RuntimeCaller;
import dev.sluice.control.failure.ToldOnce;
import dev.sluice.control.metrics.ControlPlaneMeters;
import dev.sluice.control.trust.PlaneTrust;
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
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTPS server that runtimes call, apart from the REST API. Who calls is established, by the certificate, before a
 * byte of a body is read; only joining wants none.
 */
public final class RuntimeApiServer {
    private static final Logger log = LoggerFactory.getLogger(RuntimeApiServer.class);
    private static final String CALLER = "caller";
    private static final int IDLE_SECONDS = 60;

    private final HostPort bind;
    private final PlaneTrust trust;
    private final Admission admission;
    private final EnrolmentApi enrolment;
    private final ControlPlaneMeters meters;
    private final SnapshotApi snapshots;
    private final ReportApi reports;
    private final HttpServer server;
    private final ToldOnce told = new ToldOnce();

    /** @param heads finds a group's head by the group's id; fails with NotFoundException */
    public RuntimeApiServer(
            Vertx vertx,
            HostPort bind,
            PlaneTrust trust,
            Function<UUID, Future<Snapshot>> heads,
            Database database,
            ControlPlaneMeters meters) {
        this.bind = bind;
        this.trust = trust;
        this.admission = new Admission(vertx, database);
        this.enrolment = new EnrolmentApi(vertx, database, trust);
        this.meters = meters;
        this.snapshots = new SnapshotApi(vertx, heads, trust.signingKeys());
        this.reports = new ReportApi(vertx, new ReportIngest(database, meters, group -> trust.documents()
                .version(group)));
        this.server = vertx.createHttpServer(trust.server()
                        .protect(new HttpServerOptions()
                                .setIdleTimeout(IDLE_SECONDS)
                                .setIdleTimeoutUnit(TimeUnit.SECONDS)))
                .connectionHandler(admission::opened)
                .requestHandler(router(vertx));
    }

    /** The future's value is where it listens: port 0 of the settings takes a free one. */
    public Future<HostPort> listen() {
        return admission
                .start()
                .compose(done -> server.listen(bind.port(), bind.host()))
                .map(bound -> {
                    trust.server().keepFresh(bound);
                    return new HostPort(bind.host(), bound.actualPort());
                });
    }

    PlaneTrust trust() {
        return trust;
    }

    /** Calls in progress are finished. */
    public Future<Void> close() {
        admission.stop();
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
        enrolment(router);
        router.route().failureHandler(this::fail);
        for (int status : new int[] {400, 404, 405, 413, 500}) {
            router.errorHandler(status, this::fail);
        }
        return router;
    }

    private void enrolment(Router router) {
        router.route(RuntimeApi.ENROLMENT_PATH).handler(timed("runtimeEnrolment"));
        router.post(RuntimeApi.ENROLMENT_PATH)
                .handler(BodyHandler.create(false).setBodyLimit(EnrolmentApi.MAX_BODY_BYTES))
                .handler(web -> enrolment.join(web).onFailure(web::fail));
        router.route(RuntimeApi.RENEWAL_PATH).handler(timed("runtimeRenewal")).handler(this::authenticate);
        router.post(RuntimeApi.RENEWAL_PATH)
                .handler(BodyHandler.create(false).setBodyLimit(EnrolmentApi.MAX_BODY_BYTES))
                .handler(operation(enrolment::renew));
        router.route(RuntimeApi.TRUST_PATH).handler(timed("runtimeTrust")).handler(this::authenticate);
        router.get(RuntimeApi.TRUST_PATH).handler(operation(enrolment::trust));
    }

    private void authenticate(RoutingContext web) {
        web.request().pause(); // the body waits until somebody is there to read it
        admission
                .caller(web.request().connection())
                .onComplete(
                        caller -> {
                            web.request().resume();
                            web.put(CALLER, caller);
                            web.next();
                        },
                        failure -> {
                            web.request().resume();
                            web.fail(failure);
                        });
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
            if (told.isNew(peer + " " + refused.getMessage())) {
                log.warn("Refused a call of the runtime API from {} (told once): {}", peer, refused.getMessage());
            }
        } else if (web.failure() instanceof InvalidConfigurationException invalid) {
            boolean report = web.request().path().equals(RuntimeApi.REPORT_PATH);
            if (report) {
                meters.reportRefused();
            }
            String what = report ? "report" : "certificate request";
            if (told.isNew(peer + " " + what)) {
                log.warn("Refused a {} from {} (told once): {}", what, peer, invalid.getMessage());
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
