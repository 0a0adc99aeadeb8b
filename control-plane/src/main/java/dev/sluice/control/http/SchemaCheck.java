package dev.sluice.control.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.path.NodePath;
import dev.sluice.model.problem.Violation;
import java.util.List;
import java.util.Set;

/** Checks a value against one schema of the contract and says all that is wrong in sentences. */
final class SchemaCheck {
    private final Schema schema;
    private final JsonNode root;

    /** @param root the document that the schema was made from, to look up what a fault is about */
    SchemaCheck(Schema schema, JsonNode root) {
        this.schema = schema;
        this.root = root;
        schema.initializeValidators(); // now, not when the first request comes
    }

    /** @param readOnly fields that answers show; one that is not in the schema is told to be read-only */
    List<Violation> check(JsonNode value, Set<String> readOnly) {
        return schema.validate(value).stream()
                .map(error -> sentence(error, readOnly))
                .distinct()
                .toList();
    }

    /** As {@link #check}, of a merge patch: nothing is required of it, and null takes a field away. */
    List<Violation> checkPatch(JsonNode patch, Set<String> readOnly) {
        return schema.validate(patch).stream()
                .filter(error -> !error.getKeyword().equals("required")
                        || error.getInstanceLocation().getNameCount() > 0)
                .filter(error -> !error.getInstanceNode().isNull())
                .map(error -> sentence(error, readOnly))
                .distinct()
                .toList();
    }

    /** The type that the schema declares, with references followed. */
    String type() {
        return declared(root).path("type").asText();
    }

    private Violation sentence(Error error, Set<String> readOnly) {
        JsonNode about = owner(error.getSchemaLocation().getFragment());
        return SchemaSentences.of(error, about, readOnly);
    }

    /** The schema whose keyword was violated; a keyword behind a reference is reported where it is defined. */
    private JsonNode owner(NodePath fragment) {
        JsonNode node = root;
        for (int i = 0; i < fragment.getNameCount() - 1; i++) {
            Object element = fragment.getElement(i);
            node = element instanceof Integer index ? node.path(index) : node.path(element.toString());
        }
        return node;
    }

    private JsonNode declared(JsonNode node) {
        JsonNode reference = node.path("$ref");
        return reference.isTextual() ? declared(root.at(reference.asText().substring(1))) : node;
    }
}
