package dev.sluice.control.service;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.access.Caller;
import dev.sluice.model.config.ConfigJson;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Requests of the last hour in steps of five minutes, of many services by one query, as far as the caller sees. */
final class ServiceRequests {
    private static final int STEP_SECONDS = 300;
    private static final int POINTS = 12;
    private static final String COUNTED = """
            WITH present AS (SELECT floor(extract(epoch FROM now()) / 300)::bigint AS step)
            SELECT v.service_id, floor(extract(epoch FROM m.minute) / 300)::bigint - present.step AS age, sum(m.n)::bigint AS n
            FROM present, service_version v JOIN status_minute m ON m.version_id = v.id
            WHERE v.service_id = ANY ($1) AND v.deleted_at IS NULL AND ($2::uuid[] IS NULL OR v.group_id = ANY ($2))
                AND m.minute >= to_timestamp((present.step - 11) * 300)
            GROUP BY 1, 2
            """;

    /** By service; those without requests are missing. */
    record Counted(Map<UUID, long[]> byService) {
        ObjectNode view(UUID service) {
            long[] series = byService.getOrDefault(service, new long[POINTS]);
            ObjectNode view = ConfigJson.MAPPER
                    .createObjectNode()
                    .put("total", Arrays.stream(series).sum())
                    .put("step", STEP_SECONDS);
            ArrayNode points = view.putArray("series");
            Arrays.stream(series).forEach(points::add);
            return view;
        }
    }

    Future<Counted> of(SqlClient client, Caller caller, List<UUID> services) {
        return client.preparedQuery(COUNTED)
                .execute(Tuple.tuple()
                        .addArrayOfUUID(services.toArray(UUID[]::new))
                        .addArrayOfUUID(caller.visibleGroups()))
                .map(rows -> {
                    Map<UUID, long[]> byService = new HashMap<>();
                    rows.forEach(row -> add(byService, row));
                    return new Counted(byService);
                });
    }

    private static void add(Map<UUID, long[]> byService, Row row) {
        int last = POINTS - 1;
        int point = (int) Math.min(last, last + row.getLong("age")); // a runtime's clock may be ahead
        byService.computeIfAbsent(row.getUUID("service_id"), id -> new long[POINTS])[point] += row.getLong("n");
    }
}
