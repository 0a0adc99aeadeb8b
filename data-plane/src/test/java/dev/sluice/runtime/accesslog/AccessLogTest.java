package dev.sluice.runtime.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.runtime.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
    @TempDir
    private Path directory;

    @Test
    void whatIsMoreThanMayWaitIsDroppedAndCountedAndNobodyWaits() throws IOException {
        Path path = directory.resolve("access.log");
        AccessLog log = new AccessLog(LogFile.at(path), 3); // its thread was not started: it keeps up with nothing
        for (int i = 0; i < 10; i++) {
            log.add(record("/" + i));
        }
        assertThat(log.dropped()).isEqualTo(7);
        log.start().close();
        assertThat(Files.readAllLines(path)).hasSize(3).allMatch(line -> line.startsWith("{\"time\":\"2026-"));
        log.add(record("/late"));
        assertThat(log.dropped()).isEqualTo(8);
    }

    @Test
    void aFileThatWasMovedAwayIsOpenedAgain() throws IOException {
        Path path = directory.resolve("access.log");
        AccessLog log = AccessLog.open(path.toString());
        log.add(record("/before"));
        Eventually.eventually(() -> assertThat(path).isNotEmptyFile());
        Path rotated = directory.resolve("access.log.1");
        Files.move(path, rotated);
        Eventually.eventually(() -> {
            log.add(record("/after"));
            assertThat(path).isNotEmptyFile();
        });
        log.close();
        assertThat(Files.readString(rotated)).contains("\"/before\"");
        assertThat(Files.readString(path)).contains("\"/after\"").doesNotContain("\"/before\"");
        assertThat(log.dropped()).isZero();
    }

    @Test
    void anyCharacterBecomesJsonInAsciiOnOneLine() throws IOException {
        StringBuilder every = new StringBuilder();
        for (char c = 0; c < 0x180; c++) {
            every.append(c);
        }
        String hostile = every + "\u2028\ud800\"},{\"status\":200}\\\n";
        String line = AccessLine.of(record(hostile));
        assertThat(line).endsWith("}\n");
        assertThat(line.substring(0, line.length() - 1)).matches("[ -\u007f]*");
        JsonNode read = ConfigJson.object(line.getBytes(StandardCharsets.US_ASCII));
        assertThat(read.path("path").asText()).isEqualTo(hostile);
        assertThat(read.path("status").asInt()).isEqualTo(404);
        assertThat(read.path("duration_ms").asText()).isEqualTo("1.05");
        assertThat(read.path("upstream_ms").isMissingNode()).isTrue();
    }

    private static AccessRecord record(String path) {
        return new AccessRecord(
                1_790_000_000_000L,
                1_050,
                "id",
                null,
                new AccessRecord.Request("127.0.0.1", "GET", null, path, "HTTP/1.1", null, null),
                404,
                "NO_ROUTE",
                new AccessRecord.Bytes(0, 1),
                new AccessRecord.Route(UUID.randomUUID(), null),
                new AccessRecord.Upstream(null, 0, -1));
    }
}
