package dev.sluice.runtime.snapshot;

import dev.sluice.model.snapshot.InvalidSnapshotException;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.snapshot.SnapshotFormat;
import dev.sluice.runtime.disk.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots on disk from which a runtime starts without a control plane: the last that was served and the one before
 * it, each in a file of its own, numbered upwards. Their digest tells whether they are whole. Blocking; one thread at a
 * time.
 */
public final class LastGood {
    private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);
    private static final Pattern NAME = Pattern.compile("([0-9]{1,18})\\.snapshot");

    private final Path directory;
    private final String group;
    private @Nullable Path newestGood;
    private boolean warned;

    /** @param group snapshots of any other group are passed over */
    public LastGood(Path directory, String group) {
        this.directory = directory;
        this.group = group;
    }

    /**
     * The newest snapshot that is whole and that {@code compiler} accepts.
     *
     * @param compiler fails on a snapshot that cannot be served
     */
    public Optional<CompiledSnapshot> load(SnapshotCompiler compiler) {
        for (Path file : generations()) {
            try {
                Snapshot snapshot = SnapshotFormat.read(Files.readAllBytes(file));
                if (!snapshot.group().equals(group)) {
                    LOG.warn("Passing over {}: it is of group {}, not {}", file, snapshot.group(), group);
                    continue;
                }
                CompiledSnapshot compiled = compiler.compile(snapshot, SnapshotSource.DISK);
                newestGood = file;
                return Optional.of(compiled);
            } catch (IOException | InvalidSnapshotException | RefusedSnapshotException e) {
                LOG.warn("Passing over {}: {}", file, e.getMessage());
            }
        }
        return Optional.empty();
    }

    /**
     * Keeps a snapshot that is being served, and the one kept before it. On failure what was there stays; it is warned
     * of once, until it works again.
     */
    public void save(Snapshot snapshot) {
        try {
            List<Path> before = generations();
            long next = before.isEmpty() ? 1 : number(before.get(0)) + 1;
            Path file = directory.resolve(next + ".snapshot");
            DurableFile.write(file, SnapshotFormat.write(snapshot));
            Path previous = newestGood;
            newestGood = file;
            warned = false;
            for (Path old : before) {
                if (!old.equals(previous)) {
                    Files.deleteIfExists(old);
                }
            }
        } catch (IOException e) {
            if (!warned) {
                warned = true;
                LOG.warn(
                        "Revision {} is served but cannot be kept in {}: {}",
                        snapshot.revision(),
                        directory,
                        e.toString());
            }
        }
    }

    /** Newest first. */
    private List<Path> generations() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(
                            file -> NAME.matcher(file.getFileName().toString()).matches())
                    .sorted(Comparator.comparingLong(LastGood::number).reversed())
                    .toList();
        } catch (IOException e) {
            LOG.warn("Cannot list {}: {}", directory, e.toString());
            return List.of();
        }
    }

    private static long number(Path file) {
        Matcher matcher = NAME.matcher(file.getFileName().toString());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }
}
