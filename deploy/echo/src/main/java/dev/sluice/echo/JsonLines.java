package dev.sluice.echo;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** {@code {"line":1,"of":n}} to {@code {"line":n,"of":n}}, one a line and a chunk. */
final class JsonLines implements ChunkSource {
    private final long lines;
    private long line;

    JsonLines(long lines) {
        this.lines = lines;
    }

    @Override
    public @Nullable Buffer next() {
        if (line == lines) {
            return null;
        }
        line++;
        return new JsonObject().put("line", line).put("of", lines).toBuffer().appendByte((byte) '\n');
    }
}
