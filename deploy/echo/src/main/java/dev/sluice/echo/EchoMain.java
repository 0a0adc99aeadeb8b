package dev.sluice.echo;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Starts echo; SIGTERM and SIGINT stop it when what is in flight has ended, or after ten seconds. */
public final class EchoMain {
    private static final int STOP_SECONDS = 10;

    private EchoMain() {}

    public static void main(String[] arguments) {
        EchoOptions options;
        try {
            options = EchoOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("echo: " + e.getMessage());
            System.exit(2);
            return;
        }
        if (options.help()) {
            System.out.print(EchoOptions.HELP);
            return;
        }
        start(options);
    }

    private static void start(EchoOptions options) {
        Vertx vertx = Vertx.vertx();
        EchoServer server = new EchoServer(vertx);
        server.listen(options.host(), options.port())
                .onSuccess(port -> {
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(vertx, server), "stop"));
                    System.out.println("echo listens on http://" + authority(options.host(), port));
                })
                .onFailure(e -> {
                    System.err.println("echo: cannot listen on " + authority(options.host(), options.port()) + ": "
                            + e.getMessage());
                    System.exit(1);
                });
    }

    private static void stop(Vertx vertx, EchoServer server) {
        int status = 0;
        try {
            server.stop(STOP_SECONDS).eventually(vertx::close).await(STOP_SECONDS + 5, TimeUnit.SECONDS);
        } catch (TimeoutException | RuntimeException e) {
            System.err.println("echo: did not stop in order: " + e);
            status = 1;
        }
        Runtime.getRuntime().halt(status);
    }

    private static String authority(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
