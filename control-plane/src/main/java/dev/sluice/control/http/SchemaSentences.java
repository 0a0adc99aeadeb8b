package dev.sluice.control.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import dev.sluice.model.problem.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Says what is wrong with a value, and what to do, in the words of an operator. A schema may carry its own sentence,
 * {@code x-message}, where a pattern or a list of values does not speak for itself.
 */
final class SchemaSentences {
    private SchemaSentences() {}

    /** @param about the schema whose keyword was violated */
    static Violation of(Error error, JsonNode about, Set<String> readOnly) {
        String field = field(error.getInstanceLocation());
        String keyword = error.getKeyword();
        JsonNode value = error.getInstanceNode();
        String own = about.path("x-message").asText("");
        return switch (keyword) {
            case "required" -> new Violation(within(field, error.getProperty()), "required", "is required.");
            case "additionalProperties" -> unknown(field, Objects.toString(error.getProperty(), ""), about, readOnly);
            case "propertyNames" -> new Violation(within(field, error.getProperty()), "pattern", namesMessage(about));
            case "type" ->
                new Violation(
                        field, "type", own.isEmpty() ? "must be " + types(about) + ", not " + kind(value) + "." : own);
            case "enum" ->
                new Violation(field, "invalid", own.isEmpty() ? "must be " + choices(about.path("enum")) + "." : own);
            case "pattern", "format" ->
                new Violation(field, "pattern", own.isEmpty() ? "must have the form " + form(about) + "." : own);
            case "minimum", "maximum" ->
                new Violation(field, "range", "must be " + range(about) + ", not " + value + ".");
            case "minLength", "maxLength" ->
                new Violation(field, "range", "must have " + count(about, "Length", "characters") + ".");
            case "minItems", "maxItems" ->
                new Violation(field, "range", "must have " + count(about, "Items", "elements") + ".");
            case "maxProperties" ->
                new Violation(field, "range", "must have " + count(about, "Properties", "entries") + ".");
            case "uniqueItems" -> new Violation(field, "invalid", "has an element twice; each may be there once.");
            default -> new Violation(field, "invalid", Objects.toString(error.getMessage(), "is not valid."));
        };
    }

    /** The field's path, {@code route.paths[0]}; empty for the whole. */
    private static String field(NodePath location) {
        StringBuilder field = new StringBuilder();
        for (int i = 0; i < location.getNameCount(); i++) {
            Object element = location.getElement(i);
            if (element instanceof Integer index) {
                field.append('[').append(index).append(']');
            } else {
                field.append(field.length() == 0 ? "" : ".").append(element);
            }
        }
        return field.toString();
    }

    private static String within(String field, Object name) {
        return field.isEmpty() ? Objects.toString(name, "") : field + "." + name;
    }

    private static Violation unknown(String field, String name, JsonNode about, Set<String> readOnly) {
        String path = within(field, name);
        if (field.isEmpty() && readOnly.contains(name)) {
            return new Violation(path, "read_only", "is set by Sluice and cannot be written; leave it out.");
        }
        List<String> known = new ArrayList<>();
        about.path("properties").fieldNames().forEachRemaining(known::add);
        return new Violation(path, "unknown_field", "is no field here" + NearestName.hint(name, known));
    }

    private static String namesMessage(JsonNode about) {
        return "is no valid name here; "
                + about.path("propertyNames").path("x-message").asText("see the contract.");
    }

    private static String types(JsonNode about) {
        List<String> types = new ArrayList<>();
        JsonNode declared = about.path("type");
        if (declared.isArray()) {
            declared.forEach(type -> types.add(article(type.asText())));
        } else {
            types.add(article(declared.asText()));
        }
        return String.join(" or ", types);
    }

    private static String article(String type) {
        return switch (type) {
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "string" -> "a text in quotes";
            case "boolean" -> "true or false";
            case "array" -> "a list in [ ]";
            case "object" -> "an object in { }";
            default -> type;
        };
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case STRING -> "a text";
            case NUMBER -> value.isIntegralNumber() ? "a number" : "the fraction " + value;
            case BOOLEAN -> value.asText();
            case NULL -> "null";
            default -> "that";
        };
    }

    private static String choices(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.asText()));
        String last = texts.remove(texts.size() - 1);
        return texts.isEmpty() ? last : String.join(", ", texts) + " or " + last;
    }

    private static String form(JsonNode about) {
        return about.path("format").asText(about.path("pattern").asText());
    }

    private static String range(JsonNode about) {
        if (about.has("minimum") && about.has("maximum")) {
            return "from " + about.get("minimum") + " to " + about.get("maximum");
        }
        return about.has("minimum") ? about.get("minimum") + " or more" : about.path("maximum") + " or less";
    }

    private static String count(JsonNode about, String of, String what) {
        int least = about.path("min" + of).asInt(0);
        int most = about.path("max" + of).asInt(Integer.MAX_VALUE);
        if (most == Integer.MAX_VALUE) {
            return "at least " + least + " " + what;
        }
        return least == 0 ? "at most " + most + " " + what : least + " to " + most + " " + what;
    }
}
