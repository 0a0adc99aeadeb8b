package dev.sluice.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Holds answers against the contract: what is documented is what comes. */
public final class ContractedAnswers {
    private final ObjectNode document;
    private final Schemas schemas;
    private final Map<Pattern, JsonNode> paths = new LinkedHashMap<>();

    private ContractedAnswers(ObjectNode document) {
        this.document = document;
        this.schemas = new Schemas(document);
        document.path("paths")
                .properties()
                .forEach(path -> paths.put(
                        Pattern.compile("/v1" + path.getKey().replaceAll("\\{\\w+}", "[^/]+")), path.getValue()));
    }

    public static ContractedAnswers ofThisRelease() {
        return new ContractedAnswers(Contract.read().document());
    }

    /** Fails when an operation answers what the contract does not say. */
    public void check(String method, String path, int status, String contentType, JsonNode body) {
        JsonNode operation = operation(method, path.split("\\?", 2)[0]);
        if (operation.isMissingNode()) {
            return;
        }
        JsonNode responses = operation.path("responses");
        boolean listed = responses.has(Integer.toString(status));
        assertThat(listed || status >= 400)
                .as("%s of %s is in the contract", status, operation.path("operationId"))
                .isTrue();
        JsonNode response = schemas.resolve(responses.path(listed ? Integer.toString(status) : "default"));
        JsonNode content = response.path("content");
        if (content.isMissingNode()) {
            assertThat(body.isMissingNode()).as("%s has no body", status).isTrue();
            return;
        }
        String mediaType = contentType.split(";", 2)[0];
        assertThat(content.has(mediaType)).as("%s in %s", mediaType, content).isTrue();
        if (mediaType.contains("json")) {
            assertThat(schemas.check(content.path(mediaType).path("schema")).check(body, Set.of()))
                    .as("answer of %s: %s", operation.path("operationId"), body)
                    .isEmpty();
        }
    }

    ObjectNode document() {
        return document;
    }

    private JsonNode operation(String method, String path) {
        String key = method.toLowerCase(Locale.ROOT);
        return paths.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(path).matches())
                .map(entry -> entry.getValue().path(key))
                .findFirst()
                .orElse(document.path("no such operation"));
    }
}
