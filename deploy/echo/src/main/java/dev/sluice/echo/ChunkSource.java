package dev.sluice.echo;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** A body, piece by piece. */
interface ChunkSource {
    /** The next piece, or null at the end. */
    @Nullable
    Buffer next();
}
