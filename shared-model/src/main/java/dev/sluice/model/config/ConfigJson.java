package dev.sluice.model.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * JSON of the configuration records: snake_case names, properties in alphabetical order, so that equal records have
 * equal bytes. Reading fills absent fields with their defaults and ignores unknown ones: an older reader of newer bytes,
 * and the other way round, both get a complete record. Values are not bent to their type: "1" is no number, 1.5 no
 * whole one.
 */
public final class ConfigJson {
    /** The one mapper of this module; also for API bodies. */
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.ALWAYS, JsonInclude.Include.ALWAYS))
            .build();

    private static final Map<Class<?>, ObjectNode> DEFAULTS = Map.of(
            Implementation.class, defaults("implementation"),
            Route.class, defaults("route"),
            Certificate.class, defaults("certificate"),
            CaCertificate.class, defaults("ca_certificate"),
            Sni.class, defaults("sni"),
            Upstream.class, defaults("upstream"),
            Target.class, defaults("target"));

    private ConfigJson() {}

    /** A copy of the fields that a record of this type has when nobody sets them. */
    public static ObjectNode defaultsOf(Class<? extends Record> type) {
        ObjectNode defaults = DEFAULTS.get(type);
        if (defaults == null) {
            throw new IllegalArgumentException("No defaults are kept for " + type);
        }
        return defaults.deepCopy();
    }

    /** These fields, and the defaults of those that are not among them, objects within objects included. */
    public static ObjectNode completed(Class<? extends Record> type, ObjectNode fields) {
        return overlay(defaultsOf(type), fields);
    }

    private static ObjectNode overlay(ObjectNode below, ObjectNode above) {
        for (Map.Entry<String, JsonNode> field : above.properties()) {
            boolean both = field.getValue() instanceof ObjectNode && below.get(field.getKey()) instanceof ObjectNode;
            below.set(
                    field.getKey(),
                    both
                            ? overlay((ObjectNode) below.get(field.getKey()), (ObjectNode) field.getValue())
                            : field.getValue());
        }
        return below;
    }

    /**
     * Reads a record from a JSON object.
     *
     * @throws IllegalArgumentException when a field without default is absent, or a value is of the wrong type
     */
    public static <T extends Record> T read(Class<T> type, ObjectNode json) {
        ObjectNode complete = completed(type, json);
        try {
            return MAPPER.treeToValue(complete, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not a valid " + type.getSimpleName() + ": " + JsonFault.describe(e), e);
        }
    }

    /** Reads a record from its bytes; failures as in {@link #read(Class, ObjectNode)}. */
    public static <T extends Record> T read(Class<T> type, byte[] bytes) {
        return read(type, object(bytes));
    }

    /** The bytes of a record: compact UTF-8 JSON on one line, equal for equal records. */
    public static byte[] bytes(Record entity) {
        try {
            return MAPPER.writeValueAsBytes(entity);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "Cannot write " + entity.getClass().getSimpleName(), e);
        }
    }

    /**
     * Bytes as a JSON object.
     *
     * @throws IllegalArgumentException when they are something else
     */
    public static ObjectNode object(byte[] bytes) {
        try {
            JsonNode node = MAPPER.readTree(bytes);
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("Not JSON: " + JsonFault.describe(e), e);
        }
        throw new IllegalArgumentException(
                "Not a JSON object: " + new String(bytes, 0, Math.min(bytes.length, 40), StandardCharsets.UTF_8));
    }

    private static ObjectNode defaults(String kind) {
        try (InputStream in = ConfigJson.class.getResourceAsStream(kind + "-defaults.json")) {
            if (in == null) {
                throw new IllegalStateException("Missing resource " + kind + "-defaults.json");
            }
            return object(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
