package dev.sluice.control.status;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.control.failure.UnavailableException;
import dev.sluice.control.status.LiveStore.Counted;
import dev.sluice.control.status.LiveStore.SecondKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open live view: server-sent events (HTML standard, 9.2). It remembers what it has sent of the last seconds and
 * sends what has come to it since, each request once. Owned by the context of its request.
 */
final class LiveStream {
    private static final Logger log = LoggerFactory.getLogger(LiveStream.class);
    private static final long KEEP_ALIVE_NANOS = 15_000_000_000L;
    private static final long STUCK_NANOS = 60_000_000_000L;
    private static final long GAP_NANOS = 10_000_000_000L;

    private static final long RECHECK_NANOS = 15_000_000_000L;

    private final Subject version;
    private final Supplier<Future<Subject>> access;
    private final Context context;
    private final HttpServerResponse response;
    private final Map<SecondKey, Long> sent = new HashMap<>();
    private boolean behind;
    private boolean checking;
    private long lastCheck = System.nanoTime();
    private boolean renewing;
    private long lastWrite = System.nanoTime();
    private long blockedSince;

    /** @param access fails when the caller may no longer see the version */
    LiveStream(Subject version, Supplier<Future<Subject>> access, Context context, HttpServerResponse response) {
        this.version = version;
        this.access = access;
        this.context = context;
        this.response = response;
    }

    Subject version() {
        return version;
    }

    UUID versionId() {
        return Objects.requireNonNull(version.id());
    }

    /** Runs on the stream's own context, unless it has ended. */
    void run(Runnable action) {
        context.runOnContext(v -> {
            if (!response.closed() && !response.ended()) {
                action.run();
            }
        });
    }

    /** Ends the view, a while after its caller has lost the right to it; a database that does not answer ends nothing. */
    void checkAccess() {
        long now = System.nanoTime();
        if (checking || now - lastCheck < RECHECK_NANOS) {
            return;
        }
        checking = true;
        access.get()
                .onComplete(found -> run(() -> {
                    checking = false;
                    lastCheck = System.nanoTime();
                    if (found.failed() && !(found.cause() instanceof UnavailableException)) {
                        end();
                    }
                }));
    }

    /** Sends the whole picture; what it holds is not sent again. */
    void status(JsonNode status, List<Counted> inIt) {
        sent.clear();
        inIt.forEach(counted -> sent.put(counted.key(), counted.n()));
        behind = false;
        renewing = false;
        write("event: status\ndata: " + status + "\n\n");
    }

    /** What came since the last event can no longer be told: the whole picture is due. */
    void fallBehind() {
        behind = true;
        renewing = false;
    }

    /** Whether the whole picture is to be fetched now; true once, until it came or failed to. */
    boolean beginsAnew() {
        if (!behind || renewing || response.writeQueueFull()) {
            return false;
        }
        renewing = true;
        return true;
    }

    /** Sends what came since, of all that came in the last seconds. A client that does not read gets it later. */
    void update(List<Counted> recent, Function<List<Counted>, JsonNode> delta) {
        if (behind || isBlocked()) {
            return;
        }
        List<Counted> growth = recent.stream()
                .map(counted -> new Counted(counted.key(), counted.n() - sent.getOrDefault(counted.key(), 0L)))
                .filter(counted -> counted.n() > 0)
                .toList();
        if (!growth.isEmpty()) {
            remember(recent);
            write("event: delta\ndata: " + delta.apply(growth) + "\n\n");
        } else if (System.nanoTime() - lastWrite > KEEP_ALIVE_NANOS) {
            write(": keep-alive\n\n");
        }
    }

    private boolean isBlocked() {
        long now = System.nanoTime();
        if (response.writeQueueFull()) {
            blockedSince = blockedSince == 0 ? now : blockedSince;
            if (now - blockedSince > STUCK_NANOS) {
                end();
            }
            return true;
        }
        if (blockedSince != 0) {
            behind = now - blockedSince > GAP_NANOS;
            blockedSince = 0;
        }
        return behind;
    }

    /** Seconds that can no longer be among the recent ones are forgotten. */
    private void remember(List<Counted> recent) {
        recent.forEach(counted -> sent.merge(counted.key(), counted.n(), Math::max));
        Instant newest = sent.keySet().stream()
                .map(SecondKey::at)
                .max(Instant::compareTo)
                .orElse(Instant.MAX);
        boolean ignored = sent.keySet().removeIf(key -> key.at().isBefore(newest.minusSeconds(60)));
    }

    private void write(String event) {
        lastWrite = System.nanoTime();
        response.write(event).onFailure(gone -> log.debug("A live view ended", gone));
    }

    void end() {
        response.end().onFailure(gone -> log.debug("A live view had ended", gone));
    }
}
