package dev.sluice.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.wire.Report.BootCounts;
import dev.sluice.model.wire.Report.CodeCount;
import dev.sluice.model.wire.Report.MinuteCounts;
import dev.sluice.model.wire.Report.RouteCounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/**
 * Whatever happens to reports and to the process, the receiver ends with what was recorded: requests are recorded on
 * several loops, drained, reported; reports are lost, taken without an answer, doubled and reordered; the clock turns;
 * the process restarts from its spool.
 */
class ExactCountsProperties {
    private static final int[] CODES = {200, 201, 404, 499, 500, 502};

    @Property(tries = 200)
    void receivedIsWhatWasRecorded(@ForAll long seed, @ForAll @IntRange(min = 5, max = 250) int steps)
            throws IOException {
        Path directory = Files.createTempDirectory("spool");
        try {
            World world = new World(directory, new Random(seed));
            for (int i = 0; i < steps; i++) {
                world.step();
            }
            world.settle();
            assertThat(world.received()).isEqualTo(world.recorded);
            assertThat(world.ledger.unacknowledgedRows()).isZero();
            try (Stream<Path> left = Files.list(directory)) {
                assertThat(left).isEmpty();
            }
        } finally {
            delete(directory);
        }
    }

    /** A runtime that restarts, and a receiver that keeps the greatest of what it was sent. */
    private static final class World {
        private final Path directory;
        private final Random random;
        private final Map<Cell, Long> recorded = new HashMap<>();
        private final Map<Received, Long> greatest = new HashMap<>();
        private final List<List<BootCounts>> sentBefore = new ArrayList<>();
        private final List<LoopCounts> loops = new ArrayList<>();
        private long minute = 100;
        private MinuteClock clock = new MinuteClock(minute);
        private CountLedger ledger = new CountLedger(UUID.randomUUID(), 40);
        private CountSpool spool;

        World(Path directory, Random random) {
            this.directory = directory;
            this.random = random;
            this.spool = new CountSpool(directory);
            start();
        }

        void step() throws IOException {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3, 4 -> record();
                case 5 -> minute += random.nextInt(3);
                case 6 -> drain(loops.subList(0, random.nextInt(loops.size() + 1)), false);
                case 7 -> drain(loops, true);
                case 8 -> report();
                case 9 -> repeatAnOldReport();
                case 10 -> spool.write(ledger, false);
                default -> restart();
            }
        }

        /** As at the end of an outage: everything is delivered. */
        void settle() throws IOException {
            drain(loops, true);
            while (ledger.unacknowledgedRows() > 0) {
                CountLedger.Batch batch = ledger.batch(5, 10_000);
                take(batch.counts());
                ledger.acknowledge(batch);
                spool.forget(ledger);
            }
            repeatAnOldReport();
        }

        Map<Cell, Long> received() {
            Map<Cell, Long> sums = new HashMap<>();
            greatest.forEach((key, count) -> sums.merge(new Cell(key.route, key.code), count, Long::sum));
            return sums;
        }

        private void record() {
            UUID route = random.nextInt(6) == 0 ? null : new UUID(7, random.nextInt(6));
            int code = CODES[random.nextInt(CODES.length)];
            int times = 1 + random.nextInt(5);
            LoopCounts loop = loops.get(random.nextInt(loops.size()));
            for (int i = 0; i < times; i++) {
                loop.record(route, code, random.nextInt(5_000_000));
            }
            recorded.merge(new Cell(route, code), (long) times, Long::sum);
        }

        private void drain(List<LoopCounts> some, boolean complete) {
            if (!ledger.full()) {
                clock.turnTo(minute);
            }
            long firstOpen = clock.minute();
            some.forEach(loop -> ledger.add(loop.drain()));
            if (complete) {
                ledger.closeBefore(firstOpen);
            }
        }

        private void report() throws IOException {
            CountLedger.Batch batch = ledger.batch(1 + random.nextInt(20), 1_000 + random.nextInt(10_000));
            sentBefore.add(batch.counts());
            int fate = random.nextInt(3);
            if (fate > 0) {
                take(batch.counts()); // else it is lost on its way
            }
            if (random.nextBoolean()) {
                record(); // while the report is under way
                loops.forEach(loop -> ledger.add(loop.drain()));
            }
            if (fate == 2) {
                ledger.acknowledge(batch); // else the answer is lost
                spool.forget(ledger);
            }
        }

        private void repeatAnOldReport() {
            if (!sentBefore.isEmpty()) {
                take(sentBefore.get(random.nextInt(sentBefore.size())));
            }
        }

        private void restart() {
            drain(loops, true);
            spool.write(ledger, false);
            clock = new MinuteClock(minute - random.nextInt(2));
            ledger = new CountLedger(UUID.randomUUID(), 40);
            spool = new CountSpool(directory);
            spool.load(ledger);
            start();
        }

        private void start() {
            loops.clear();
            for (int i = 0; i < 3; i++) {
                loops.add(new LoopCounts(clock));
            }
        }

        private void take(List<BootCounts> counts) {
            for (BootCounts boot : counts) {
                for (MinuteCounts in : boot.minutes()) {
                    for (RouteCounts row : in.routes()) {
                        for (CodeCount code : row.codes()) {
                            greatest.merge(
                                    new Received(boot.boot(), in.minute(), row.route(), code.code()),
                                    code.count(),
                                    Math::max);
                        }
                    }
                }
            }
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Cell(@Nullable UUID route, int code) {}

    private record Received(
            UUID boot, long minute, @Nullable UUID route, int code) {}
}
