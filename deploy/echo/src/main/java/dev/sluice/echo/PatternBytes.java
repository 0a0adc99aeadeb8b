package dev.sluice.echo;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Bytes of which the i-th is i modulo 251: a prime, so that what is lost, doubled or reordered shows. */
final class PatternBytes implements ChunkSource {
    static final int PERIOD = 251;

    /** A multiple of the period, so that every piece is the beginning of the same one. */
    private static final Buffer PIECE = piece(PERIOD * 256);

    private long left;

    PatternBytes(long count) {
        this.left = count;
    }

    @Override
    public @Nullable Buffer next() {
        if (left == 0) {
            return null;
        }
        int length = (int) Math.min(left, PIECE.length());
        left -= length;
        return Buffer.buffer(PIECE.getBytes(0, length));
    }

    private static Buffer piece(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % PERIOD);
        }
        return Buffer.buffer(bytes);
    }
}
