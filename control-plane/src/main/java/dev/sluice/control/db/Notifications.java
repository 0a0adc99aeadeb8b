package dev.sluice.control.db;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on one connection of its own, and on a new one when that is lost. The driver's subscriber has neither a limit
 * for connecting nor a way to notice a peer that has gone silent; here the pool's limits hold for this connection too,
 * and a heartbeat tells silence from idleness.
 *
 * <p>All fields are owned by one context.
 */
final class Notifications {
    private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);
    private static final long LONGEST_PAUSE = 1000;

    private final Vertx vertx;
    private final Context context;
    private final Pool pool;
    private final long heartbeat;
    private final Map<String, List<Handler<String>>> channels = new LinkedHashMap<>();
    private @Nullable PgConnection connection;
    private boolean connecting;
    private boolean lost;
    private boolean closed;
    private int failures;

    /** @param pool of one connection, which is this object's to close */
    Notifications(Vertx vertx, Pool pool, Limits limits) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.pool = pool;
        this.heartbeat = limits.heartbeat().toMillis();
    }

    void listen(String channel, Handler<String> payload) {
        context.runOnContext(run -> {
            List<Handler<String>> handlers = channels.get(channel);
            if (handlers != null) {
                handlers.add(payload);
                return;
            }
            channels.put(channel, new ArrayList<>(List.of(payload)));
            PgConnection open = connection;
            if (open == null) {
                connect();
            } else {
                listenOn(open, List.of(channel));
            }
        });
    }

    Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(run -> {
            closed = true;
            pool.close().onComplete(done);
        });
        return done.future();
    }

    private void connect() {
        if (connecting || closed) {
            return;
        }
        connecting = true;
        pool.getConnection()
                .onComplete(result -> context.runOnContext(run -> {
                    connecting = false;
                    if (result.failed()) {
                        retry(result.cause());
                    } else {
                        use(PgConnection.cast(result.result()));
                    }
                }));
    }

    private void use(PgConnection opened) {
        connection = opened;
        opened.closeHandler(end -> context.runOnContext(run -> lose(opened, new ClosedChannelException())));
        opened.notificationHandler(notification ->
                context.runOnContext(run -> deliver(notification.getChannel(), notification.getPayload())));
        listenOn(opened, channels.keySet());
        beat(opened);
    }

    private void listenOn(PgConnection open, Collection<String> names) {
        String statements = names.stream()
                .map(name -> "LISTEN \"" + name.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(";"));
        open.query(statements)
                .execute()
                .onComplete(result -> context.runOnContext(run -> {
                    if (result.failed()) {
                        lose(open, result.cause());
                        return;
                    }
                    failures = 0;
                    if (lost) {
                        lost = false;
                        LOG.info("Listening to PostgreSQL's notifications again");
                    }
                }));
    }

    /** Without an answer nothing comes in, and the connection's limit of silence ends it. */
    private void beat(PgConnection open) {
        vertx.setTimer(
                heartbeat,
                fired -> context.runOnContext(run -> {
                    if (connection == open && !closed) {
                        open.query("SELECT 1").execute().onComplete(answered -> beat(open));
                    }
                }));
    }

    private void deliver(String channel, String payload) {
        for (Handler<String> handler : channels.getOrDefault(channel, List.of())) {
            try {
                handler.handle(payload);
            } catch (RuntimeException e) {
                LOG.error("A notification on {} was not handled: {}", channel, payload, e);
            }
        }
    }

    private void lose(PgConnection gone, Throwable cause) {
        if (connection == gone) {
            connection = null;
            gone.close();
            retry(cause);
        }
    }

    private void retry(Throwable cause) {
        if (closed) {
            return;
        }
        if (!lost) {
            lost = true;
            LOG.warn("PostgreSQL's notifications are not heard, trying again: {}", String.valueOf(cause));
        }
        vertx.setTimer(Backoff.millis(failures++, LONGEST_PAUSE), fired -> context.runOnContext(run -> connect()));
    }
}
