package dev.sluice.model.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.JsonFault;
import java.io.IOException;

/** Wire records to and from UTF-8 JSON. */
public final class WireJson {
    private static final JsonMapper MAPPER = ConfigJson.MAPPER;

    private WireJson() {}

    public static byte[] bytes(Record message) {
        try {
            return MAPPER.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "Cannot write " + message.getClass().getSimpleName(), e);
        }
    }

    /**
     * Reads a message; fields that it does not know are passed over.
     *
     * @throws IllegalArgumentException when the bytes are not JSON of this form; the message is fit to be logged
     */
    public static <T extends Record> T read(Class<T> type, byte[] bytes) {
        try {
            T message = MAPPER.readValue(bytes, type);
            if (message == null) {
                throw new IllegalArgumentException("Not a " + type.getSimpleName() + ": null");
            }
            return message;
        } catch (IOException e) {
            throw new IllegalArgumentException("Not a " + type.getSimpleName() + ": " + JsonFault.describe(e), e);
        }
    }
}
