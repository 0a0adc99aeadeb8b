package dev.sluice.control.publish;

import dev.sluice.model.snapshot.SignedSnapshot;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.snapshot.SnapshotFormat;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** A snapshot as it goes over the wire, signed and compressed once for all runtimes. */
record EncodedSnapshot(SignedSnapshot signed, Buffer gzip) {
    /** Costs time in proportion to the snapshot: for a worker thread. */
    static EncodedSnapshot of(SignedSnapshot signed) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(SnapshotFormat.write(signed));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new EncodedSnapshot(signed, Buffer.buffer(bytes.toByteArray()));
    }

    /** For the rare caller that takes no gzip; for a worker thread, too. */
    Buffer plain() {
        return Buffer.buffer(SnapshotFormat.write(signed));
    }

    Snapshot snapshot() {
        return signed.snapshot();
    }

    String etag() {
        return snapshot().etag();
    }
}
