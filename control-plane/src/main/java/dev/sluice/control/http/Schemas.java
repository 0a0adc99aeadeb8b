package dev.sluice.control.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.util.HashSet;
import java.util.Set;

/** The schemas of the contract, as JSON Schema 2020-12, which OpenAPI 3.1 is a superset of. */
final class Schemas {
    private final ObjectNode document;
    private final SchemaRegistry registry = SchemaRegistry.withDialect(
            Dialect.builder(Dialects.getDraft202012())
                    .keyword(new NonValidationKeyword("components"))
                    .keyword(new NonValidationKeyword("x-message"))
                    .build(),
            builder -> builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

    Schemas(ObjectNode document) {
        this.document = document;
    }

    /** A check of this schema; its references point into the document. */
    SchemaCheck check(JsonNode schema) {
        ObjectNode root = schema.deepCopy();
        root.set("components", document.path("components"));
        return new SchemaCheck(registry.getSchema(root), root);
    }

    /** What a reference within the document stands for, or the node itself. */
    JsonNode resolve(JsonNode node) {
        JsonNode reference = node.path("$ref");
        return reference.isTextual() ? resolve(document.at(reference.asText().substring(1))) : node;
    }

    /** Names of all fields that this operation's answers show. */
    Set<String> answeredFields(JsonNode operation) {
        Set<String> names = new HashSet<>();
        for (JsonNode response : operation.path("responses")) {
            JsonNode schema =
                    resolve(response).path("content").path("application/json").path("schema");
            resolve(schema).path("properties").fieldNames().forEachRemaining(names::add);
        }
        return names;
    }
}
