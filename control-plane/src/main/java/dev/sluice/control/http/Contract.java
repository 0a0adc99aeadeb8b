package dev.sluice.control.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The contract of the REST API (OpenAPI 3.1): which operations there are, and what they may carry. Read once at start;
 * a contract that cannot be read is a programming error.
 */
public final class Contract {
    private static final String RESOURCE = "/openapi.yaml";
    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

    private final byte[] text;
    private final ObjectNode document;
    private final List<ContractOperation> operations = new ArrayList<>();

    private Contract(byte[] text) {
        this.text = text;
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(200);
        Object tree = new Yaml(new SafeConstructor(options)).load(new String(text, StandardCharsets.UTF_8));
        this.document = new ObjectMapper().valueToTree(tree); // keeps the order of the document
        Schemas schemas = new Schemas(document);
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> entry : path.getValue().properties()) {
                if (METHODS.contains(entry.getKey())) {
                    operations.add(operation(schemas, path, entry));
                }
            }
        }
    }

    /** The contract that this release has. */
    public static Contract read() {
        try (InputStream in = Contract.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("Missing resource " + RESOURCE);
            }
            return new Contract(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In the order of the document. */
    List<ContractOperation> operations() {
        return operations;
    }

    /** The document as JSON, aliases resolved. */
    ObjectNode document() {
        return document;
    }

    /** The document itself. */
    Buffer text() {
        return Buffer.buffer(text);
    }

    private ContractOperation operation(
            Schemas schemas, Map.Entry<String, JsonNode> path, Map.Entry<String, JsonNode> entry) {
        JsonNode operation = entry.getValue();
        Map<String, SchemaCheck> query = new LinkedHashMap<>();
        for (JsonNode declared : operation.path("parameters")) {
            JsonNode parameter = schemas.resolve(declared);
            if (parameter.path("in").asText().equals("query")) {
                query.put(parameter.path("name").asText(), schemas.check(parameter.path("schema")));
            }
        }
        return new ContractOperation(
                operation.path("operationId").asText(),
                HttpMethod.valueOf(entry.getKey().toUpperCase(Locale.ROOT)),
                path.getKey().replaceAll("\\{(\\w+)}", ":$1"),
                new QueryCheck(query),
                body(schemas, operation),
                Need.of(operation, path.getKey()),
                entry.getKey().equals("get") || operation.path("x-reads-only").asBoolean());
    }

    private static @Nullable BodyCheck body(Schemas schemas, JsonNode operation) {
        JsonNode content = operation.path("requestBody").path("content");
        if (content.isMissingNode()) {
            return null;
        }
        List<String> mediaTypes = new ArrayList<>();
        content.fieldNames().forEachRemaining(mediaTypes::add);
        JsonNode schema = content.path("application/json").path("schema");
        return new BodyCheck(mediaTypes, schemas.check(schema), schemas.answeredFields(operation));
    }
}
