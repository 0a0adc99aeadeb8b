package dev.sluice.control.http;

import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.failure.UnavailableException;
import dev.sluice.model.settings.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The server of the REST API. It listens from the beginning, so that probes get an answer, and says 503 to everything
 * but {@code /health/live} until {@link #serve} is called.
 */
public final class ApiServer {
    private final Vertx vertx;
    private final HttpServer server;
    private volatile Handler<HttpServerRequest> current;

    private final @Nullable CertificateWatch watch;

    private ApiServer(Vertx vertx, @Nullable ApiCertificate certificate, @Nullable ServerSSLOptions tls) {
        this.vertx = vertx;
        this.current = router(
                () -> Future.failedFuture(starting()), router -> router.route().handler(web -> web.fail(starting())));
        HttpServerOptions options = new HttpServerOptions()
                .setCompressionSupported(true)
                .setDecompressionSupported(false)
                .setIdleTimeout(75)
                .setMaxInitialLineLength(16 * 1024)
                .setMaxHeaderSize(32 * 1024);
        if (tls != null) {
            options.setSsl(true)
                    .setUseAlpn(tls.isUseAlpn())
                    .setKeyCertOptions(tls.getKeyCertOptions())
                    .setEnabledSecureTransportProtocols(tls.getEnabledSecureTransportProtocols());
        }
        this.server = vertx.createHttpServer(options).requestHandler(request -> current.handle(request));
        this.watch = certificate == null ? null : new CertificateWatch(vertx, server, certificate);
    }

    /** Binds, without TLS; port 0 takes a free one. */
    public static Future<ApiServer> listen(Vertx vertx, HostPort bind) {
        return listen(vertx, bind, null);
    }

    /** Binds; with a certificate it speaks TLS alone. */
    public static Future<ApiServer> listen(Vertx vertx, HostPort bind, @Nullable ApiCertificate certificate) {
        if (certificate == null) {
            return listen(new ApiServer(vertx, null, null), bind);
        }
        return vertx.executeBlocking(() -> certificate.options(vertx))
                .recover(failure -> Future.failedFuture(new IOException(
                        "SLUICE_API_TLS_CERTIFICATE and SLUICE_API_TLS_KEY: " + failure.getMessage(), failure)))
                .compose(tls -> listen(new ApiServer(vertx, certificate, tls), bind));
    }

    private static Future<ApiServer> listen(ApiServer api, HostPort bind) {
        if (api.watch != null) {
            api.watch.start();
        }
        return api.server
                .listen(bind.port(), bind.host())
                .recover(failure -> Future.failedFuture(new IOException(
                        "The REST API cannot listen at " + bind + ": " + failure.getMessage(), failure)))
                .map(api);
    }

    /**
     * Begins to serve.
     *
     * @param ready succeeds while the process can do its work
     * @param mount puts the routes in place
     */
    public void serve(Supplier<Future<Void>> ready, Consumer<Router> mount) {
        current = router(ready, mount);
    }

    /** The port that was bound. */
    public int port() {
        return server.actualPort();
    }

    /** Stops accepting and closes; requests in flight get as long as this to finish. */
    public Future<Void> close(long graceSeconds) {
        if (watch != null) {
            watch.stop();
        }
        return server.shutdown(graceSeconds, TimeUnit.SECONDS);
    }

    private static UnavailableException starting() {
        return new UnavailableException("This control plane is starting: the database is not ready yet.");
    }

    private static void state(RoutingContext web, int status, String state) {
        web.response().putHeader("Content-Type", "application/json");
        AnswerWriter.send(web, status, Problem.bytes(Map.of("status", state)));
    }

    private Router router(Supplier<Future<Void>> ready, Consumer<Router> mount) {
        Router router = Router.router(vertx);
        router.route().handler(new RequestId());
        router.get("/health/live").method(HttpMethod.HEAD).handler(web -> state(web, 200, "live"));
        router.get("/health/ready").method(HttpMethod.HEAD).handler(web -> ready.get()
                .onComplete(ok -> state(web, 200, "ready"), no -> state(web, 503, "not ready")));
        mount.accept(router);
        router.route().last().handler(web -> {
            throw new NotFoundException(
                    "There is nothing at " + web.request().path() + "; /v1/docs tells what there is.");
        });
        router.route().failureHandler(new Failures());
        return router;
    }
}
