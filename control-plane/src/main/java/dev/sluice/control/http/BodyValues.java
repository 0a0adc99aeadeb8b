package dev.sluice.control.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.problem.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Brings the values of a body into the form that stores and records read, whatever its schema: {@code 5.0} and
 * {@code 1e2} are whole numbers to JSON Schema, and become such; U+0000, which no text of PostgreSQL can hold, is told.
 */
final class BodyValues {
    private static final double LARGEST_EXACT = 1L << 53;

    private final List<Violation> violations = new ArrayList<>();

    private BodyValues() {}

    /** Rewrites the body's whole numbers in place; returns where it has U+0000. */
    static List<Violation> settle(ObjectNode body) {
        BodyValues values = new BodyValues();
        values.object(body, "");
        return values.violations;
    }

    private void object(ObjectNode object, String field) {
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String path = field.isEmpty() ? entry.getKey() : field + "." + entry.getKey();
            Nul.check(entry.getKey(), path, violations);
            entry.setValue(value(entry.getValue(), path));
        }
    }

    private JsonNode value(JsonNode node, String field) {
        if (node instanceof ObjectNode object) {
            object(object, field);
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, value(array.get(i), field + "[" + i + "]"));
            }
        } else if (node.isTextual()) {
            Nul.check(node.textValue(), field, violations);
        } else if (node.isFloatingPointNumber()) {
            return number(node);
        }
        return node;
    }

    private static JsonNode number(JsonNode node) {
        double number = node.doubleValue();
        if (number != Math.rint(number) || Math.abs(number) > LARGEST_EXACT) {
            return node;
        }
        long whole = (long) number;
        return whole == (int) whole ? IntNode.valueOf((int) whole) : LongNode.valueOf(whole);
    }
}
