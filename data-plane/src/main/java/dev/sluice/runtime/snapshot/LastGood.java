package dev.sluice.runtime.snapshot;

import dev.sluice.model.snapshot.InvalidSnapshotException;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.trust.SealingKey;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.model.trust.UnsealableException;
import dev.sluice.runtime.disk.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots on disk from which a runtime starts without a control plane: the last that was served and the one before
 * it, each in a file of its own, numbered upwards. Each is encrypted and authenticated under the storage key, for its
 * number: so what is read is what was found trustworthy when it came, and its signature need not hold any more. Blocking;
 * one thread at a time.
 */
public final class LastGood {
    private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);
    private static final Pattern NAME = Pattern.compile("([0-9]{1,18})\\.snapshot");

    private final Path directory;
    private final SealingKeys storageKeys;
    private @Nullable Path newestGood;
    private boolean warned;

    public LastGood(Path directory, SealingKeys storageKeys) {
        this.directory = directory;
        this.storageKeys = storageKeys;
    }

    /**
     * The newest snapshot that is whole and that {@code compiler} accepts.
     *
     * @param group snapshots of any other group are passed over
     * @param compiler fails on a snapshot that cannot be served
     */
    public Optional<CompiledSnapshot> load(UUID group, SnapshotCompiler compiler) {
        for (Path file : generations()) {
            try {
                KeptSnapshot kept = read(file);
                if (!kept.group().equals(group)) {
                    LOG.warn("Passing over {}: it is of group {}, this runtime of {}", file, kept.group(), group);
                    continue;
                }
                CompiledSnapshot compiled = compiler.compile(kept.snapshot(), kept.openingKeys(), SnapshotSource.DISK);
                newestGood = file;
                return Optional.of(compiled);
            } catch (IOException
                    | IllegalArgumentException
                    | UnsealableException
                    | InvalidSnapshotException
                    | RefusedSnapshotException e) {
                LOG.warn("Passing over {}: {}", file, e.getMessage());
            }
        }
        return Optional.empty();
    }

    /**
     * Keeps a snapshot that is being served, and the one kept before it. On failure what was there stays; it is warned
     * of once, until it works again.
     */
    public void save(Revision revision, KeptSnapshot snapshot) {
        try {
            List<Path> before = generations();
            long next = before.isEmpty() ? 1 : number(before.get(0)) + 1;
            Path file = directory.resolve(next + ".snapshot");
            String sealed = storageKeys.seal(context(file), snapshot.packed());
            DurableFile.writeSecret(file, sealed.getBytes(StandardCharsets.US_ASCII));
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
                LOG.warn("Revision {} is served but cannot be kept in {}: {}", revision, directory, e.toString());
            }
        }
    }

    private KeptSnapshot read(Path file) throws IOException {
        String sealed = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (!SealingKey.isSealed(sealed)) {
            throw new IOException("it is not encrypted, as those of former releases");
        }
        return KeptSnapshot.unpack(storageKeys.open(context(file), sealed));
    }

    /** An older generation put under a newer number does not open. */
    private static String context(Path file) {
        return "runtime/last-good/" + number(file);
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
