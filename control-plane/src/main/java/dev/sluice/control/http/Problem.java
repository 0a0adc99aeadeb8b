package dev.sluice.control.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.problem.Violation;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Problem details (RFC 9457).
 *
 * @param errors everything that is wrong with what was sent; empty where that is not the matter
 * @param headers that go with the answer
 */
record Problem(int status, String title, String detail, List<Violation> errors, Map<String, String> headers) {
    static Problem of(int status, String title, String detail) {
        return new Problem(status, title, detail, List.of(), Map.of());
    }

    Problem with(String header, String value) {
        return new Problem(status, title, detail, errors, Map.of(header, value));
    }

    void send(RoutingContext web) {
        ObjectNode json = ConfigJson.MAPPER
                .createObjectNode()
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .put("instance", "urn:uuid:" + RequestId.of(web));
        if (!errors.isEmpty()) {
            ArrayNode list = json.putArray("errors");
            errors.forEach(error -> list.addObject()
                    .put("field", error.field())
                    .put("code", error.code())
                    .put("message", sentence(error.message())));
        }
        headers.forEach(web.response()::putHeader);
        web.response().putHeader("Content-Type", "application/problem+json");
        AnswerWriter.send(web, status, bytes(json));
    }

    /** Rules say what is wrong in clauses and sentences; people read sentences. */
    private static String sentence(String message) {
        if (message.isEmpty()) {
            return message;
        }
        String begun = message.substring(0, 1).toUpperCase(Locale.ROOT) + message.substring(1);
        return ".?!".indexOf(begun.charAt(begun.length() - 1)) >= 0 ? begun : begun + ".";
    }

    static Buffer bytes(Object json) {
        try {
            return Buffer.buffer(ConfigJson.MAPPER.writeValueAsBytes(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An answer that cannot be written as JSON", e);
        }
    }
}
