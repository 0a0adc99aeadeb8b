package dev.sluice.control.http;

import com.fasterxml.jackson.core.ErrorReportConfiguration;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks a request body against the contract.
 *
 * @param mediaTypes that are taken
 * @param readOnly fields that the operation's answers show
 */
record BodyCheck(List<String> mediaTypes, SchemaCheck schema, Set<String> readOnly) {
    /** Of what is no JSON this much is shown again: what should have been in quotes may be a secret. */
    private static final int LONGEST_SHOWN = 12;

    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .errorReportConfiguration(ErrorReportConfiguration.builder()
                            .maxErrorTokenLength(LONGEST_SHOWN)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Whether a {@code Content-Type} names one of the media types, parameters aside. */
    boolean takes(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        String mediaType = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return mediaTypes.contains(mediaType);
    }

    /**
     * The body as a JSON object.
     *
     * @throws RefusedRequestException (400) when it is no JSON
     * @throws InvalidConfigurationException (422) with all that is wrong
     */
    ObjectNode read(@Nullable Buffer bytes, boolean patch) {
        JsonNode body = parse(bytes);
        if (!(body instanceof ObjectNode object)) {
            throw new InvalidConfigurationException(
                    List.of(new Violation("", "type", "The body must be a JSON object in { }.")));
        }
        List<Violation> unstorable = BodyValues.settle(object);
        if (!unstorable.isEmpty()) {
            throw new InvalidConfigurationException(unstorable);
        }
        List<Violation> violations = patch ? schema.checkPatch(object, readOnly) : schema.check(object, readOnly);
        if (!violations.isEmpty()) {
            throw new InvalidConfigurationException(violations);
        }
        return object;
    }

    /** What is wrong with an object that a patch made. */
    List<Violation> check(ObjectNode merged) {
        return schema.check(merged, Set.of());
    }

    private static JsonNode parse(@Nullable Buffer bytes) {
        if (bytes == null || bytes.length() == 0) {
            throw new RefusedRequestException(400, "The body is empty; send a JSON object.");
        }
        try {
            return STRICT.readTree(bytes.getBytes());
        } catch (JacksonException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")";
            throw new RefusedRequestException(400, "The body is not JSON: " + e.getOriginalMessage() + where);
        } catch (IOException e) {
            throw new RefusedRequestException(400, "The body is not JSON.");
        }
    }
}
