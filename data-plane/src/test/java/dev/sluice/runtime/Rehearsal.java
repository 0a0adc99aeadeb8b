package dev.sluice.runtime;

import dev.sluice.model.snapshot.Snapshot;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;

/**
 * All that a runtime needs to join, serve and report, on loopback, for as long as this process is left alone: a control
 * plane that lets it in, and an upstream behind {@code /mock}. Images train their class-data archives with it.
 */
public final class Rehearsal {
    private Rehearsal() {}

    /** Prints the control plane's URL and the token, each on a line of its own. */
    public static void main(String[] arguments) {
        HttpServer upstream = Vertx.vertx()
                .createHttpServer()
                .requestHandler(request -> request.response().end("rehearsed"))
                .listen(0, "127.0.0.1")
                .await();
        ControlPlaneDouble controlPlane = ControlPlaneDouble.started();
        Snapshot snapshot = Configurations.mockbin(1, 1, upstream.actualPort(), 0);
        controlPlane.serve(snapshot);
        System.out.println(controlPlane.uri());
        System.out.println(controlPlane.token().text());
    }
}
