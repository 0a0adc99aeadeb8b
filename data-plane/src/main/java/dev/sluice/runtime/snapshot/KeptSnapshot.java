package dev.sluice.runtime.snapshot;

import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.snapshot.SnapshotFormat;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.model.wire.Trust.ContentKey;
import dev.sluice.model.wire.WireJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A snapshot as it is kept: in its text form, signature included, with all that a start without control planes needs. */
public final class KeptSnapshot {
    private final UUID group;
    private final List<ContentKey> contentKeys;
    private final byte[] text;

    /**
     * @param group the runtime group's id, which stays when the group is renamed
     * @param contentKeys open the secrets in it
     * @param text as the control plane sent it; must not be changed any more
     */
    public KeptSnapshot(UUID group, List<ContentKey> contentKeys, byte[] text) {
        this.group = group;
        this.contentKeys = List.copyOf(contentKeys);
        this.text = text;
    }

    UUID group() {
        return group;
    }

    /** @throws dev.sluice.model.snapshot.InvalidSnapshotException when it is not whole */
    Snapshot snapshot() {
        return SnapshotFormat.read(text);
    }

    /** Null where there are none. */
    @Nullable
    SealingKeys openingKeys() {
        return SnapshotTrust.contentKeys(contentKeys);
    }

    /** Gzip of a line of JSON and the text. */
    byte[] packed() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(WireJson.bytes(new Head(group, contentKeys)));
            gzip.write('\n');
            gzip.write(text);
        }
        return packed.toByteArray();
    }

    /** @throws IllegalArgumentException when it is not what {@link #packed} made */
    static KeptSnapshot unpack(byte[] packed) throws IOException {
        byte[] bytes;
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            bytes = gzip.readAllBytes();
        }
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        Head head = WireJson.read(Head.class, Arrays.copyOf(bytes, end));
        byte[] text = Arrays.copyOfRange(bytes, Math.min(end + 1, bytes.length), bytes.length);
        return new KeptSnapshot(head.group(), head.contentKeys(), text);
    }

    /** The line before the snapshot. */
    record Head(UUID group, List<ContentKey> contentKeys) {
        Head {
            Objects.requireNonNull(group, "group is required");
            contentKeys = List.copyOf(contentKeys);
        }
    }
}
