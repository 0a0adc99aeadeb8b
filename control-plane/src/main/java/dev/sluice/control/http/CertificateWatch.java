package dev.sluice.control.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes over a newer certificate from its files while the server runs; one that is no good is refused, the old kept. */
final class CertificateWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
    private static final long EVERY_MS = 2000;

    private final Vertx vertx;
    private final HttpServer server;
    private ApiCertificate last;
    private boolean unreadable;
    private long timer = -1;

    /** @param first what the server begins with */
    CertificateWatch(Vertx vertx, HttpServer server, ApiCertificate first) {
        this.vertx = vertx;
        this.server = server;
        this.last = first;
    }

    void start() {
        if (last.isFromFiles()) {
            timer = vertx.setTimer(EVERY_MS, id -> look());
        }
    }

    void stop() {
        boolean ignored = vertx.cancelTimer(timer);
    }

    private void look() {
        vertx.executeBlocking(() -> last.newest())
                .onFailure(failure -> {
                    if (!unreadable) {
                        unreadable = true;
                        LOG.error(
                                "The REST API's certificate or key cannot be read, the old stays: {}",
                                String.valueOf(failure));
                    }
                })
                .onSuccess(newest -> unreadable = false)
                .compose(this::take)
                .onComplete(done -> timer = vertx.setTimer(EVERY_MS, id -> look()));
    }

    private Future<Void> take(ApiCertificate newest) {
        if (newest.equals(last)) {
            return Future.succeededFuture();
        }
        last = newest; // what was refused once is not tried, and logged, again
        return vertx.executeBlocking(() -> newest.options(vertx))
                .compose(server::updateSSLOptions)
                .onSuccess(taken -> LOG.info("The REST API shows a new certificate"))
                .onFailure(failure -> LOG.error(
                        "A new certificate of the REST API is refused, the old stays: {}", failure.getMessage()))
                .mapEmpty();
    }
}
