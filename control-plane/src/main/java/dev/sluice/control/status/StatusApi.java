package dev.sluice.control.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sluice.control.db.Database;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Operations;
import dev.sluice.model.config.ConfigJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The status record over REST: of everything, of a runtime group, of a service, of a version, of a route. */
public final class StatusApi {
    private final Vertx vertx;
    private final Database database;
    private final StatusStore store = new StatusStore();
    private final StatusReader reader;

    public StatusApi(Vertx vertx, Database database) {
        this.vertx = vertx;
        this.database = database;
        this.reader = new StatusReader(vertx, store);
    }

    public void register(Operations operations) {
        operations
                .on("getStatus", call -> answer(call, connection -> everythingOrGroup(connection, call)))
                .on(
                        "getServiceStatus",
                        call -> answer(
                                call, connection -> reader.service(connection, call.caller(), call.path("service"))))
                .on(
                        "getVersionStatus",
                        call -> answer(
                                call,
                                connection -> reader.version(
                                        connection, call.caller(), call.path("service"), call.path("version"))))
                .on(
                        "getRouteStatus",
                        call -> answer(
                                call, connection -> reader.route(connection, call.caller(), call.path("route"))));
    }

    private Future<Subject> everythingOrGroup(SqlConnection connection, Call call) {
        String group = call.query("group");
        return group == null
                ? Future.succeededFuture(Subject.of(Subject.Kind.EVERYTHING, null, call.caller()))
                : reader.group(connection, call.caller(), group);
    }

    private Future<Answer> answer(Call call, Function<SqlConnection, Future<Subject>> subject) {
        return database.read(connection -> subject.apply(connection).compose(found -> store.now(connection)
                        .map(now -> StatusQuery.of(
                                call.query("from"), call.query("to"), call.query("step"), call.query("by"), now))
                        .compose(query -> reader.read(connection, found, query))))
                .compose(found -> {
                    boolean csv = wantsCsv(call.web().request().getHeader("Accept"));
                    return vertx.executeBlocking(() -> csv ? csv(found) : json(found), false);
                });
    }

    private static Answer csv(StatusRecord found) {
        return Answer.ok(Buffer.buffer(found.csv()), "text/csv; charset=utf-8");
    }

    private static Answer json(StatusRecord found) throws JsonProcessingException {
        return Answer.ok(Buffer.buffer(ConfigJson.MAPPER.writeValueAsBytes(found.json())), "application/json");
    }

    /** JSON unless CSV is named and JSON is not. */
    private static boolean wantsCsv(@Nullable String accept) {
        if (accept == null) {
            return false;
        }
        String wanted = accept.toLowerCase(Locale.ROOT);
        return wanted.contains("text/csv") && !wanted.contains("json");
    }
}
