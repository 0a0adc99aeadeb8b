package dev.sluice.echo;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The listening side of echo, on every event loop. */
final class EchoServer {
    /** Vert.x takes a free port for a negative number, the same one for all instances. */
    private static final int SHARED_FREE_PORT = -1;

    private final Vertx vertx;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

    EchoServer(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Begins to listen.
     *
     * @param port 0 takes a free one
     * @return the port
     */
    Future<Integer> listen(String host, int port) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(host)
                .setPort(port == 0 ? SHARED_FREE_PORT : port)
                .setCompressionSupported(false)
                .setMaxHeaderSize(64 * 1024)
                .setMaxInitialLineLength(64 * 1024);
        int instances = Runtime.getRuntime().availableProcessors();
        return vertx.deployVerticle(() -> new Listener(options), new DeploymentOptions().setInstances(instances))
                .map(deployed -> servers.get(0).actualPort());
    }

    /** Accepts no more and completes when what is in flight has ended, at the latest after these seconds. */
    Future<Void> stop(int seconds) {
        List<Future<Void>> stops = servers.stream()
                .map(server -> server.shutdown(seconds, TimeUnit.SECONDS))
                .toList();
        return Future.join(stops).mapEmpty();
    }

    private final class Listener extends VerticleBase {
        private final HttpServerOptions options;

        Listener(HttpServerOptions options) {
            this.options = options;
        }

        @Override
        public Future<?> start() {
            HttpServer server = vertx.createHttpServer(options);
            servers.add(server);
            return server.requestHandler(EchoRouter.of(vertx)).listen();
        }
    }
}
