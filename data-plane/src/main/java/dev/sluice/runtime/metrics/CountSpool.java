package dev.sluice.runtime.metrics;

import dev.sluice.model.wire.Report.BootCounts;
import dev.sluice.model.wire.WireJson;
import dev.sluice.runtime.disk.DurableFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unacknowledged counts on disk, so that they outlive the process: a file for each minute of a boot that has any,
 * written anew when they change, deleted when they are acknowledged. Blocking; one thread at a time.
 */
public final class CountSpool {
    private static final Logger LOG = LoggerFactory.getLogger(CountSpool.class);
    private static final String SUFFIX = ".json";

    private final Path directory;
    /** What lies on disk: the stamp of the ledger's minute that was written. */
    private final Map<MinuteKey, Long> written = new HashMap<>();

    /** What lies on disk, but may not outlive the loss of power. */
    private final Set<MinuteKey> unsynced = new HashSet<>();

    private boolean warned;

    public CountSpool(Path directory) {
        this.directory = directory;
    }

    /** Gives the ledger what earlier boots left. A file that cannot be read is passed over and stays. */
    public void load(CountLedger ledger) {
        for (Path file : files()) {
            try {
                BootCounts counts = WireJson.read(BootCounts.class, Files.readAllBytes(file));
                ledger.restore(counts);
                counts.minutes().forEach(minute -> written.put(new MinuteKey(counts.boot(), minute.minute()), -1L));
            } catch (IOException | RuntimeException e) {
                LOG.warn("Cannot read unreported counts of {}: {}", file, e.toString());
            }
        }
        Map<MinuteKey, Long> stamps = ledger.unacknowledgedMinutes();
        unsynced.addAll(written.keySet());
        written.replaceAll((minute, stamp) -> stamps.getOrDefault(minute, stamp));
    }

    /**
     * Brings the disk to the ledger's state, writing only minutes that changed. A failure is warned of once; the next
     * call tries again.
     *
     * @param force whether it must outlive the loss of power too
     */
    public void write(CountLedger ledger, boolean force) {
        try {
            for (Map.Entry<MinuteKey, Long> minute :
                    ledger.unacknowledgedMinutes().entrySet()) {
                if (!minute.getValue().equals(written.get(minute.getKey()))) {
                    DurableFile.writeLightly(
                            file(minute.getKey()), WireJson.bytes(ledger.unacknowledged(minute.getKey())));
                    written.put(minute.getKey(), minute.getValue());
                    unsynced.add(minute.getKey());
                }
            }
            forget(ledger);
            if (force) {
                sync();
            }
            warned = false;
        } catch (IOException e) {
            if (!warned) {
                warned = true;
                LOG.warn("Unreported counts cannot be kept in {}: {}", directory, e.toString());
            }
        }
    }

    /** Deletes what is acknowledged by now. */
    public void forget(CountLedger ledger) throws IOException {
        if (written.isEmpty()) {
            return;
        }
        Set<MinuteKey> acknowledged = new HashSet<>(written.keySet());
        acknowledged.removeAll(ledger.unacknowledgedMinutes().keySet());
        for (MinuteKey minute : acknowledged) {
            Files.deleteIfExists(file(minute));
            written.remove(minute);
            unsynced.remove(minute);
        }
    }

    private void sync() throws IOException {
        if (unsynced.isEmpty()) {
            return;
        }
        for (MinuteKey minute : unsynced) {
            sync(file(minute), StandardOpenOption.WRITE);
        }
        sync(directory, StandardOpenOption.READ);
        unsynced.clear();
    }

    private static void sync(Path path, OpenOption mode) throws IOException {
        try (FileChannel channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }

    private Path file(MinuteKey minute) {
        return directory.resolve(minute.boot() + "-" + minute.minute() + SUFFIX);
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            LOG.warn("Cannot list {}: {}", directory, e.toString());
            return List.of();
        }
    }
}
