package dev.sluice.control.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.status.StatusQuery.By;
import dev.sluice.control.status.StatusStore.Cell;
import dev.sluice.control.status.StatusStore.Division;
import dev.sluice.model.config.ConfigJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The record that was asked for, as JSON or CSV.
 *
 * @param names of routes, runtimes and versions, as far as they are known
 */
record StatusRecord(
        StatusQuery query,
        List<Cell> cells,
        Map<UUID, String> names,
        @Nullable Latency latency) {
    ObjectNode json() {
        ObjectNode json = ConfigJson.MAPPER
                .createObjectNode()
                .put("from", query.from().toString())
                .put("to", query.to().toString())
                .put("step", query.step());
        addTotals(json, cells);
        json.set("latency", ConfigJson.MAPPER.valueToTree(latency));
        json.set("series", series(everyPoint(), cells));
        if (!query.by().isEmpty()) {
            ArrayNode groups = json.putArray("groups");
            byKey().forEach((key, ofKey) -> groups.add(group(key, ofKey)));
        }
        return json;
    }

    private ObjectNode group(Division key, List<Cell> ofKey) {
        ObjectNode group = ConfigJson.MAPPER.createObjectNode();
        for (By by : By.values()) {
            if (query.by().contains(by)) {
                UUID id = id(key, by);
                group.put(by.wireName(), id.equals(RouteIds.NONE) ? null : id.toString());
                group.put(by.wireName() + "_name", names.get(id));
            }
        }
        addTotals(group, ofKey);
        group.set("series", series(new TreeMap<>(), ofKey));
        return group;
    }

    private static UUID id(Division key, By by) {
        return switch (by) {
            case ROUTE -> key.route();
            case RUNTIME -> key.runtime();
            case VERSION -> key.version();
        };
    }

    private SortedMap<Division, List<Cell>> byKey() {
        SortedMap<Division, List<Cell>> byKey = new TreeMap<>();
        cells.forEach(cell ->
                byKey.computeIfAbsent(cell.key(), key -> new ArrayList<>()).add(cell));
        return byKey;
    }

    private static void addTotals(ObjectNode json, Collection<Cell> cells) {
        json.put("total", cells.stream().mapToLong(Cell::n).sum());
        json.set("codes", codes(cells));
    }

    static ObjectNode codes(Collection<Cell> cells) {
        SortedMap<Integer, Long> byCode = new TreeMap<>();
        cells.forEach(cell -> byCode.merge(cell.code(), cell.n(), Long::sum));
        ObjectNode codes = ConfigJson.MAPPER.createObjectNode();
        byCode.forEach((code, n) -> codes.put(Integer.toString(code), n));
        return codes;
    }

    /** A point for every step of the range, also where nothing was counted. */
    private SortedMap<Instant, List<Cell>> everyPoint() {
        SortedMap<Instant, List<Cell>> byPoint = new TreeMap<>();
        for (Instant point = query.point(query.from());
                point.isBefore(query.to());
                point = point.plusSeconds(query.step())) {
            byPoint.put(point, new ArrayList<>());
        }
        return byPoint;
    }

    /** The given points, and all at which something was counted: of many groups most are empty at most points. */
    private static ArrayNode series(SortedMap<Instant, List<Cell>> byPoint, Collection<Cell> ofSeries) {
        ofSeries.forEach(cell -> byPoint.computeIfAbsent(cell.point(), point -> new ArrayList<>())
                .add(cell));
        ArrayNode series = ConfigJson.MAPPER.createArrayNode();
        byPoint.forEach((point, ofPoint) ->
                series.addObject().put("at", point.toString()).set("codes", codes(ofPoint)));
        return series;
    }

    /** A line for each point, key and status code, with a heading (RFC 4180). */
    String csv() {
        StringBuilder csv = new StringBuilder("at,");
        for (By by : By.values()) {
            if (query.by().contains(by)) {
                csv.append(by.wireName()).append(',').append(by.wireName()).append("_name,");
            }
        }
        csv.append("code,count\r\n");
        cells.forEach(cell -> addLine(csv, cell));
        return csv.toString();
    }

    private void addLine(StringBuilder csv, Cell cell) {
        csv.append(cell.point()).append(',');
        for (By by : By.values()) {
            if (query.by().contains(by)) {
                UUID id = id(cell.key(), by);
                csv.append(id.equals(RouteIds.NONE) ? "" : id).append(',');
                csv.append(quoted(names.get(id))).append(',');
            }
        }
        csv.append(cell.code()).append(',').append(cell.n()).append("\r\n");
    }

    private static String quoted(@Nullable String text) {
        return text == null ? "" : '"' + text.replace("\"", "\"\"") + '"';
    }
}
