package dev.sluice.echo;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Writes a body no faster than the client takes it, so that a slow client costs one write queue of memory. */
final class ChunkWriter {
    private final HttpServerResponse response;
    private final ChunkSource source;

    ChunkWriter(HttpServerResponse response, ChunkSource source) {
        this.response = response;
        this.source = source;
    }

    void start() {
        response.drainHandler(drained -> write());
        write();
    }

    private void write() {
        while (!response.closed() && !response.ended()) {
            if (response.writeQueueFull()) {
                return;
            }
            Buffer chunk = source.next();
            if (chunk == null) {
                response.end();
            } else {
                response.write(chunk);
            }
        }
    }
}
