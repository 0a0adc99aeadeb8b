package dev.sluice.runtime.accesslog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A record as a line: JSON in ASCII, whatever bytes a client sent, ended by a line feed. What is unknown is left out. */
final class AccessLine {
    /** Lone surrogates and control characters are escaped like all else that is not ASCII. */
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private AccessLine() {}

    static String of(AccessRecord record) {
        StringWriter line = new StringWriter(512);
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField(
                    "time", Instant.ofEpochMilli(record.beganMillis()).toString());
            json.writeStringField("request_id", record.requestId());
            write(json, "trace_id", record.traceId());
            write(json, record.request());
            json.writeNumberField("status", record.status());
            write(json, "failure", record.failure());
            json.writeNumberField("bytes_received", record.bytes().received());
            json.writeNumberField("bytes_sent", record.bytes().sent());
            json.writeFieldName("duration_ms");
            json.writeNumber(record.durationMicros() / 1000 + "." + digits(record.durationMicros() % 1000));
            write(json, "route_id", record.route().routeId());
            write(json, "version_id", record.route().versionId());
            write(json, record.upstream());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("Memory is always written to", e);
        }
        return line.append('\n').toString();
    }

    private static void write(JsonGenerator json, AccessRecord.Request request) throws IOException {
        json.writeStringField("client", request.client());
        json.writeStringField("method", request.method());
        write(json, "host", request.host());
        json.writeStringField("path", request.path());
        json.writeStringField("protocol", request.protocol());
        write(json, "tls", request.tls());
        write(json, "sni", request.sni());
    }

    private static void write(JsonGenerator json, AccessRecord.Upstream upstream) throws IOException {
        write(json, "upstream", upstream.address());
        json.writeNumberField("attempts", upstream.attempts());
        if (upstream.millis() >= 0) {
            json.writeNumberField("upstream_ms", upstream.millis());
        }
    }

    private static void write(JsonGenerator json, String name, @Nullable Object value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value.toString());
        }
    }

    private static String digits(long thousandths) {
        String text = Long.toString(thousandths);
        return "000".substring(text.length()) + text;
    }
}
