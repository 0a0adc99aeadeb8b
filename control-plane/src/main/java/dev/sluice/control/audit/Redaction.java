package dev.sluice.control.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one place that keeps secrets out of the audit trail: of a field whose content is secret or sealed, at any depth, it
 * leaves whether it changed, and nothing of the content.
 */
final class Redaction {
    static final String KEPT = "sealed";
    static final String CHANGED = "sealed, changed";

    /** Fields of these names hold secrets, whatever they are of. */
    private static final Set<String> SECRETS = Set.of("key", "key_alt", "token", "csrf_token", "seal");

    private static final List<String> SECRET_PARTS = List.of("password", "private_key", "secret", "sealed");

    private Redaction() {}

    record Pair(@Nullable ObjectNode before, @Nullable ObjectNode after) {}

    /** Both without secrets; the given ones stay as they are. */
    static Pair of(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        ObjectNode was = before == null ? null : before.deepCopy();
        ObjectNode is = after == null ? null : after.deepCopy();
        if (was != null) {
            redact(was, after, KEPT);
        }
        if (is != null) {
            redact(is, before, before == null ? KEPT : CHANGED);
        }
        return new Pair(was, is);
    }

    private static void redact(JsonNode node, @Nullable JsonNode other, String different) {
        if (node instanceof ObjectNode object) {
            for (String field : names(object)) {
                JsonNode value = object.path(field);
                JsonNode counterpart = other == null ? null : other.get(field);
                if (!isSecret(field)) {
                    redact(value, counterpart, different);
                } else if (!value.isNull()) {
                    object.put(field, value.equals(counterpart) ? KEPT : different);
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                redact(array.get(i), other == null ? null : other.get(i), different);
            }
        }
    }

    private static List<String> names(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static boolean isSecret(String field) {
        String name = field.toLowerCase(Locale.ROOT);
        return SECRETS.contains(name) || SECRET_PARTS.stream().anyMatch(name::contains);
    }
}
