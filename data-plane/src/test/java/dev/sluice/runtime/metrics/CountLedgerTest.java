package dev.sluice.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.wire.Report.BootCounts;
import dev.sluice.model.wire.Report.RouteCounts;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class CountLedgerTest {
    private static final UUID BOOT = new UUID(9, 9);
    private static final UUID ROUTE = new UUID(1, 1);

    private final CountLedger ledger = new CountLedger(BOOT, 1_000);

    @Test
    void countsAreCumulativeUntilTheirMinuteIsClosedAndAcknowledged() {
        ledger.add(List.of(drained(10, 200, 3)));
        ledger.acknowledge(ledger.batch(100, 100_000));
        ledger.add(List.of(drained(10, 200, 2)));

        assertThat(onlyRow(ledger.batch(100, 100_000)).codes().get(0).count()).isEqualTo(5);
    }

    @Test
    void whatIsCountedWhileAReportIsUnderWayStaysUnacknowledged() {
        ledger.add(List.of(drained(10, 200, 3)));
        CountLedger.Batch underWay = ledger.batch(100, 100_000);
        ledger.add(List.of(drained(10, 200, 1)));
        ledger.acknowledge(underWay);

        assertThat(ledger.unacknowledgedRows()).isEqualTo(1);
        ledger.acknowledge(ledger.batch(100, 100_000));
        assertThat(ledger.unacknowledgedRows()).isZero();
        assertThat(ledger.batch(100, 100_000).counts()).isEmpty();
    }

    @Test
    void lateCountsOfAClosedMinuteGoToAnOpenOneSoThatNoneIsLost() {
        ledger.add(List.of(drained(10, 200, 3)));
        ledger.closeBefore(12);
        ledger.acknowledge(ledger.batch(100, 100_000));
        ledger.add(List.of(drained(10, 200, 4)));

        BootCounts counts = ledger.batch(100, 100_000).counts().get(0);
        assertThat(counts.minutes().get(0).minute()).isEqualTo(12);
        assertThat(onlyRow(ledger.batch(100, 100_000)).codes().get(0).count()).isEqualTo(4);
    }

    @Test
    void aReportIsBoundedAndTheRestFollowsInTurn() {
        for (int i = 0; i < 7; i++) {
            ledger.add(List.of(drained(new UUID(5, i), 10, 200, 1, 100)));
        }
        CountLedger.Batch first = ledger.batch(3, 100_000);
        assertThat(first.more()).isTrue();
        assertThat(rows(first)).isEqualTo(3);
        ledger.acknowledge(first);
        CountLedger.Batch second = ledger.batch(3, 100_000);
        ledger.acknowledge(second);
        CountLedger.Batch third = ledger.batch(3, 100_000);

        assertThat(rows(second)).isEqualTo(3);
        assertThat(rows(third)).isEqualTo(1);
        assertThat(third.more()).isFalse();
    }

    @Test
    void latencyRidesAlongAndSurvivesTheClosingOfItsMinute() {
        ledger.add(List.of(drained(ROUTE, 10, 200, 3, 1_500)));
        ledger.add(List.of(drained(ROUTE, 10, 500, 2, 90_000)));
        ledger.closeBefore(11);

        Histogram latency = decoded(onlyRow(ledger.batch(100, 100_000)));
        assertThat(latency.getTotalCount()).isEqualTo(5);
        assertThat(latency.getValueAtPercentile(50)).isBetween(1_490L, 1_520L);
    }

    @Test
    void aLatencyAtTheEndOfTheScaleDeclaresNoLargerRangeThanReceiversTake() {
        LoopCounts loop = new LoopCounts(new MinuteClock(10));
        loop.record(ROUTE, 504, Long.MAX_VALUE);
        ledger.add(loop.drain());

        Histogram latency = decoded(onlyRow(ledger.batch(100, 100_000)));
        assertThat(latency.getHighestTrackableValue()).isLessThanOrEqualTo(LatencyScale.HIGHEST_MICROS);
        assertThat(latency.getTotalCount()).isEqualTo(1);
    }

    private static LoopCounts.Drained drained(long minute, int code, int times) {
        return drained(ROUTE, minute, code, times, 1_000);
    }

    private static LoopCounts.Drained drained(UUID route, long minute, int code, int times, long micros) {
        LoopCounts loop = new LoopCounts(new MinuteClock(minute));
        for (int i = 0; i < times; i++) {
            loop.record(route, code, micros);
        }
        return loop.drain().get(0);
    }

    private static RouteCounts onlyRow(CountLedger.Batch batch) {
        assertThat(rows(batch)).isEqualTo(1);
        return batch.counts().get(0).minutes().get(0).routes().get(0);
    }

    private static int rows(CountLedger.Batch batch) {
        return batch.counts().stream()
                .flatMap(boot -> boot.minutes().stream())
                .mapToInt(minute -> minute.routes().size())
                .sum();
    }

    private static Histogram decoded(RouteCounts row) {
        try {
            byte[] bytes = Base64.getDecoder().decode(row.latency());
            return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), 0);
        } catch (DataFormatException e) {
            throw new AssertionError(e);
        }
    }
}
