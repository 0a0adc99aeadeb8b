package dev.sluice.echo;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An echo on a free port of the loopback interface, for the tests of a class. */
final class RunningEcho implements BeforeAllCallback, AfterAllCallback {
    private final Vertx vertx = Vertx.vertx();
    private final EchoServer server = new EchoServer(vertx);
    private int port;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        port = server.listen("127.0.0.1", 0).await(10, TimeUnit.SECONDS);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    Vertx vertx() {
        return vertx;
    }

    EchoServer server() {
        return server;
    }

    int port() {
        return port;
    }
}
