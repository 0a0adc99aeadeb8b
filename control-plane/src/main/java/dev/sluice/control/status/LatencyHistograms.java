package dev.sluice.control.status;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.HdrHistogram.Histogram;

/**
 * Latency records as they come from runtimes: HdrHistograms (V2, compressed, base64) of microseconds. They are hostile
 * input, and a header of 40 bytes decides how much memory the library takes; so size and header are checked first.
 */
public final class LatencyHistograms {
    /** Latencies reach up to one hour, in microseconds. */
    public static final long HIGHEST_MICROS = TimeUnit.HOURS.toMicros(1);

    static final int MAX_DIGITS = 3;
    private static final int MAX_COMPRESSED = 64 * 1024;
    private static final int MAX_INFLATED = 256 * 1024;
    private static final int HEADER = 40;
    private static final int V2_COOKIE = 0x1c849303;
    private static final int V2_COMPRESSED_COOKIE = 0x1c849304;
    private static final int COOKIE_MASK = ~0xf0;
    private static final long MAX_TOTAL = 1_000_000_000_000L;

    private LatencyHistograms() {}

    /** A record that was decoded and found sound: its compressed bytes, and how many requests it holds. */
    public record Checked(Buffer bytes, long total) {}

    /**
     * Checks a received record.
     *
     * @throws IllegalArgumentException when it is anything but a histogram within these bounds; the message says what
     */
    public static Checked check(String base64) {
        if (base64.length() > MAX_COMPRESSED / 3 * 4 + 4) {
            throw new IllegalArgumentException("is longer than " + MAX_COMPRESSED + " bytes");
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not base64", e);
        }
        return new Checked(Buffer.buffer(bytes), decode(bytes).getTotalCount());
    }

    /**
     * Decodes compressed bytes.
     *
     * @throws IllegalArgumentException as {@link #check}
     */
    static Histogram decode(byte[] compressed) {
        byte[] plain = inflate(compressed);
        ByteBuffer header = ByteBuffer.wrap(plain);
        boolean sound = (header.getInt() & COOKIE_MASK) == V2_COOKIE
                && header.getInt() == plain.length - HEADER
                && header.getInt() == 0
                && isDigits(header.getInt())
                && header.getLong() == 1
                && isHighest(header.getLong())
                && header.getDouble() == 1.0;
        if (!sound) {
            throw new IllegalArgumentException("is not a histogram of 1 to " + HIGHEST_MICROS
                    + " microseconds with at most " + MAX_DIGITS + " digits");
        }
        try {
            return counted(Histogram.decodeFromByteBuffer(ByteBuffer.wrap(plain), 0));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("holds counts outside of its bounds", e);
        }
    }

    private static boolean isDigits(int digits) {
        return digits >= 1 && digits <= MAX_DIGITS;
    }

    private static boolean isHighest(long highest) {
        return highest >= 2 && highest <= HIGHEST_MICROS;
    }

    private static Histogram counted(Histogram histogram) {
        long total = 0;
        for (var value : histogram.recordedValues()) {
            long count = value.getCountAtValueIteratedTo();
            if (count < 0 || count > MAX_TOTAL || total > MAX_TOTAL) {
                throw new IllegalArgumentException("holds counts outside of 0 to " + MAX_TOTAL);
            }
            total += count;
        }
        if (total != histogram.getTotalCount() || total > MAX_TOTAL) {
            throw new IllegalArgumentException("holds counts outside of 0 to " + MAX_TOTAL);
        }
        return histogram;
    }

    private static byte[] inflate(byte[] compressed) {
        if (compressed.length < 8 || compressed.length > MAX_COMPRESSED) {
            throw new IllegalArgumentException("is no compressed histogram");
        }
        ByteBuffer in = ByteBuffer.wrap(compressed);
        if ((in.getInt() & COOKIE_MASK) != V2_COMPRESSED_COOKIE || in.getInt() != compressed.length - 8) {
            throw new IllegalArgumentException("is no compressed histogram (V2)");
        }
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(in);
            byte[] plain = new byte[4096];
            int length = inflater.inflate(plain);
            while (!inflater.finished() && length == plain.length && length < MAX_INFLATED) {
                plain = Arrays.copyOf(plain, 2 * length);
                length += inflater.inflate(plain, length, length);
            }
            if (!inflater.finished() || length < HEADER) {
                throw new IllegalArgumentException("does not decompress to a histogram");
            }
            return Arrays.copyOf(plain, length);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("does not decompress", e);
        } finally {
            inflater.end();
        }
    }
}
