package dev.sluice.control.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.access.Caller;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.UnavailableException;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Operations;
import dev.sluice.control.metrics.ControlPlaneMeters;
import dev.sluice.control.status.LiveStore.Counted;
import dev.sluice.control.status.StatusStore.Cell;
import dev.sluice.model.config.ConfigJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET …/status/live}: the last 5 minutes as one {@code status} event, then a {@code delta} event for what has
 * been reported since, whichever control plane took it in. One query each 250 ms serves all views of this control plane.
 * After a time in which it could not follow, a view gets a {@code status} event again.
 */
public final class LiveStatus {
    private static final Logger log = LoggerFactory.getLogger(LiveStatus.class);
    static final int MAX_STREAMS = 200;
    private static final long POLL_MS = 250;
    private static final int WINDOW_SECONDS = 15;
    private static final long GAP_NANOS = 10_000_000_000L;
    private static final int FIRST_SECONDS = 300;
    private static final int FIRST_STEP = 5;

    private final Vertx vertx;
    private final Database database;
    private final LiveStore store = new LiveStore();
    private final StatusReader reader;
    private final Set<LiveStream> streams = ConcurrentHashMap.newKeySet();
    private boolean polling;
    private long lastPoll = System.nanoTime();
    private long timer = -1;

    public LiveStatus(Vertx vertx, Database database, ControlPlaneMeters meters) {
        this.vertx = vertx;
        this.database = database;
        this.reader = new StatusReader(vertx, new StatusStore());
        meters.liveViews(streams::size);
    }

    public void register(Operations operations) {
        operations.on("liveVersionStatus", this::open);
    }

    public void start() {
        timer = vertx.setPeriodic(POLL_MS, id -> poll());
    }

    /** Ends all views. */
    public void stop() {
        boolean ignored = vertx.cancelTimer(timer);
        streams.forEach(stream -> stream.run(stream::end));
    }

    private Future<Answer> open(Call call) {
        if (streams.size() >= MAX_STREAMS) {
            return Future.failedFuture(
                    new UnavailableException("There are " + MAX_STREAMS + " live views already; close some."));
        }
        return version(call, call.caller()).compose(subject -> first(subject).map(first -> {
            begin(call, subject, first);
            return Answer.handledByItself();
        }));
    }

    private Future<Subject> version(Call call, Caller caller) {
        return database.read(
                connection -> reader.version(connection, caller, call.path("service"), call.path("version")));
    }

    /** @param counted as of one moment, so that what comes after it can be told apart */
    private record First(StatusRecord shown, List<Counted> counted) {}

    private Future<First> first(Subject version) {
        UUID id = Objects.requireNonNull(version.id());
        return database.read(connection -> store.recent(connection, List.of(id), FIRST_SECONDS)
                .compose(recent -> store.now(connection).compose(now -> {
                    StatusQuery query = lastMinutes(now);
                    List<Counted> counted = recent.getOrDefault(id, List.of());
                    return reader.latency(connection, version, query)
                            .map(latency -> new First(
                                    new StatusRecord(query, cells(query, counted), Map.of(), latency), counted));
                })));
    }

    private static StatusQuery lastMinutes(Instant now) {
        return StatusQuery.of(null, null, Integer.toString(FIRST_STEP), null, now);
    }

    private static List<Cell> cells(StatusQuery query, List<Counted> counted) {
        return counted.stream()
                .filter(one -> !one.key().at().isBefore(query.from()))
                .map(one -> new Cell(
                        query.point(one.key().at()),
                        StatusStore.Division.NONE,
                        one.key().code(),
                        one.n()))
                .toList();
    }

    private void begin(Call call, Subject version, First first) {
        RoutingContext web = call.web();
        HttpServerResponse response = web.response();
        if (response.closed()) {
            return;
        }
        // No compression: it would hold events back.
        response.putHeader("Content-Type", "text/event-stream")
                .putHeader("Content-Encoding", "identity")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no");
        if (web.request().method().equals(HttpMethod.HEAD)) {
            response.end().onFailure(gone -> log.debug("A live view had ended", gone));
            return;
        }
        response.setChunked(true);
        LiveStream stream = new LiveStream(
                version,
                () -> call.callerAgain().compose(caller -> version(call, caller)),
                vertx.getOrCreateContext(),
                response);
        streams.add(stream);
        web.addEndHandler(ended -> streams.remove(stream));
        stream.status(first.shown.json(), first.counted);
    }

    /** One query at a time, for the versions of all views. */
    private void poll() {
        long begin = System.nanoTime();
        if (streams.isEmpty() || polling) {
            lastPoll = streams.isEmpty() ? begin : lastPoll;
            return;
        }
        polling = true;
        Set<UUID> versions = streams.stream().map(LiveStream::versionId).collect(Collectors.toSet());
        database.read(connection -> store.recent(connection, versions, WINDOW_SECONDS))
                .onComplete(result -> {
                    polling = false;
                    if (result.failed()) {
                        log.debug("Live views were not brought up to date, next try follows", result.cause());
                        return;
                    }
                    boolean gap = begin - lastPoll > GAP_NANOS;
                    lastPoll = begin;
                    streams.forEach(stream -> stream.run(() -> update(stream, result.result(), gap)));
                });
    }

    private void update(LiveStream stream, Map<UUID, List<Counted>> recent, boolean gap) {
        stream.checkAccess();
        if (gap) {
            stream.fallBehind();
        }
        stream.update(recent.getOrDefault(stream.versionId(), List.of()), LiveStatus::delta);
        if (stream.beginsAnew()) {
            first(stream.version())
                    .onSuccess(first -> stream.run(() -> stream.status(first.shown.json(), first.counted)))
                    .onFailure(failure -> stream.fallBehind());
        }
    }

    /** What has come since the last event. */
    private static JsonNode delta(List<Counted> growth) {
        ObjectNode delta = ConfigJson.MAPPER.createObjectNode();
        delta.put("total", growth.stream().mapToLong(Counted::n).sum());
        delta.set("codes", codes(growth));
        ArrayNode series = delta.putArray("series");
        grouped(growth, counted -> counted.key().at())
                .forEach((at, ofSecond) ->
                        series.addObject().put("at", at.toString()).set("codes", codes(ofSecond)));
        ArrayNode routes = delta.putArray("routes");
        grouped(growth, counted -> counted.key().route()).forEach((route, ofRoute) -> routes.addObject()
                .put("id", route.equals(RouteIds.NONE) ? null : route.toString())
                .set("codes", codes(ofRoute)));
        return delta;
    }

    private static <K extends Comparable<K>> Map<K, List<Counted>> grouped(
            List<Counted> growth, Function<Counted, K> key) {
        return growth.stream().collect(Collectors.groupingBy(key, TreeMap::new, Collectors.toList()));
    }

    private static ObjectNode codes(List<Counted> growth) {
        ObjectNode codes = ConfigJson.MAPPER.createObjectNode();
        grouped(growth, counted -> counted.key().code())
                .forEach((code, ofCode) -> codes.put(
                        Integer.toString(code),
                        ofCode.stream().mapToLong(Counted::n).sum()));
        return codes;
    }
}
