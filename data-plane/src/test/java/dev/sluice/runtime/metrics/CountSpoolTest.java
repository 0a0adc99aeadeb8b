package dev.sluice.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.wire.Report.BootCounts;
import dev.sluice.model.wire.Report.CodeCount;
import dev.sluice.model.wire.Report.MinuteCounts;
import dev.sluice.model.wire.Report.RouteCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountSpoolTest {
    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

    private final UUID earlierBoot = new UUID(1, 1);
    private final CountLedger ledger = new CountLedger(new UUID(1, 2), 1000);

    @TempDir
    Path directory;

    private void count(long minute) {
        ledger.restore(new BootCounts(
                earlierBoot,
                List.of(new MinuteCounts(
                        minute, List.of(new RouteCounts(null, List.of(new CodeCount(200, 3)), null))))));
    }

    private Path file(long minute) {
        return directory.resolve(earlierBoot + "-" + minute + ".json");
    }

    @Test
    void aFirmWriteRewritesOnlyWhatChangedSince() throws IOException {
        CountSpool spool = new CountSpool(directory);
        count(1);
        spool.write(ledger, false);
        Path unchanged = Files.setLastModifiedTime(file(1), LONG_AGO);
        count(2);

        spool.write(ledger, true);

        assertThat(Files.getLastModifiedTime(unchanged)).isEqualTo(LONG_AGO);
        assertThat(file(2)).isNotEmptyFile();
        CountLedger next = new CountLedger(new UUID(1, 3), 1000);
        new CountSpool(directory).load(next);
        assertThat(next.unacknowledgedRows()).isEqualTo(2);
    }
}
