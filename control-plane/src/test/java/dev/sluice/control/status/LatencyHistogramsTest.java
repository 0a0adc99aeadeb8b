package dev.sluice.control.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.control.publish.ReportingRuntime;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.Deflater;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyHistogramsTest {
    private static Histogram histogram(long highest, int digits) {
        return new Histogram(highest, digits);
    }

    /** The compressed form of any 40 bytes of header and payload. */
    private static String compressed(byte[] plain) {
        Deflater deflater = new Deflater();
        deflater.setInput(plain);
        deflater.finish();
        byte[] out = new byte[plain.length + 100];
        int length = deflater.deflate(out);
        deflater.end();
        ByteBuffer whole = ByteBuffer.allocate(8 + length);
        whole.putInt(0x1c849304 | 0x10).putInt(length).put(out, 0, length);
        return Base64.getEncoder().encodeToString(whole.array());
    }

    private static byte[] header(int payload, int digits, long lowest, long highest) {
        return ByteBuffer.allocate(40 + payload)
                .putInt(0x1c849303 | 0x10)
                .putInt(payload)
                .putInt(0)
                .putInt(digits)
                .putLong(lowest)
                .putLong(highest)
                .putDouble(1.0)
                .array();
    }

    @Test
    void aRuntimesRecordIsSound() {
        Histogram histogram = histogram(3_600_000_000L, 2);
        histogram.recordValueWithCount(1500, 90);
        histogram.recordValueWithCount(3_600_000_000L, 10);

        LatencyHistograms.Checked checked = LatencyHistograms.check(ReportingRuntime.encoded(histogram));

        assertThat(checked.total()).isEqualTo(100);
        assertThat(LatencyHistograms.decode(checked.bytes().getBytes())).isEqualTo(histogram);
    }

    @Test
    void percentilesAreOfAllRecordsTogetherInMilliseconds() {
        Histogram fast = histogram(3_600_000_000L, 2);
        fast.recordValueWithCount(2000, 95);
        Histogram slow = histogram(3_600_000_000L, 2);
        slow.recordValueWithCount(800_000, 5);

        Latency merged = Objects.requireNonNull(Latency.merged(List.of(
                Buffer.buffer(Base64.getDecoder().decode(ReportingRuntime.encoded(fast))),
                Buffer.buffer(Base64.getDecoder().decode(ReportingRuntime.encoded(slow))))));

        assertThat(merged.p50()).isBetween(1.98, 2.02);
        assertThat(merged.p90()).isBetween(1.98, 2.02);
        assertThat(merged.p99()).isBetween(792.0, 808.0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!", "AAAA", "SGVsbG8gd29ybGQ=", "HISTFAAAABA="})
    void whatIsNoHistogramIsRefused(String text) {
        assertThatThrownBy(() -> LatencyHistograms.check(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHeaderThatWantsMuchMemoryIsRefused() {
        for (String hostile : List.of(
                compressed(header(10, 5, 1, Long.MAX_VALUE)),
                compressed(header(10, 2, 1, Long.MAX_VALUE)),
                compressed(header(10, 5, 1, 1000)),
                compressed(header(10, -1, 1, 1000)),
                compressed(header(10, 2, 0, 1000)),
                compressed(header(10, 2, 1000, 1000)),
                ReportingRuntime.encoded(histogram(7_200_000_000L, 2)),
                ReportingRuntime.encoded(histogram(1000, 5)))) {
            assertThatThrownBy(() -> LatencyHistograms.check(hostile)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatExplodesWhenDecompressedIsRefused() {
        byte[] bomb = header(30 * 1024 * 1024, 2, 1, 1000);

        assertThatThrownBy(() -> LatencyHistograms.check(compressed(bomb)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void countsThatOverflowAreRefused() {
        Histogram histogram = histogram(3_600_000_000L, 2);
        histogram.recordValueWithCount(10, Long.MAX_VALUE / 2);

        assertThatThrownBy(() -> LatencyHistograms.check(ReportingRuntime.encoded(histogram)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bytesAtRandomAndSoundOnesWithFaultsNeverDoMoreThanBeRefused() {
        Random random = new Random(7);
        Histogram histogram = histogram(3_600_000_000L, 2);
        for (int i = 0; i < 500; i++) {
            histogram.recordValue(1 + random.nextInt(1_000_000));
        }
        byte[] sound = LatencyHistograms.check(ReportingRuntime.encoded(histogram))
                .bytes()
                .getBytes();
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] faulty = Arrays.copyOf(sound, sound.length);
            faulty[random.nextInt(faulty.length)] ^= (byte) (1 << random.nextInt(8));
            byte[] payload = header(64, 2, 1, 3_600_000_000L);
            for (int j = 40; j < payload.length; j++) {
                payload[j] = (byte) random.nextInt(256);
            }
            refused += refuses(Base64.getEncoder().encodeToString(faulty)) + refuses(compressed(payload));
        }
        assertThat(refused).isGreaterThan(2000);
    }

    private static int refuses(String base64) {
        try {
            LatencyHistograms.Checked checked = LatencyHistograms.check(base64);
            assertThat(checked.total()).isBetween(0L, 1_000_000_000_000L);
            return 0;
        } catch (IllegalArgumentException expected) {
            return 1;
        }
    }
}
