package dev.sluice.control.publish;

import dev.sluice.model.wire.RuntimeApi;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The bytes of a report, decompressed within bounds. */
final class ReportBody {
    private ReportBody() {}

    /** A body that cannot be read; the status says why. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int status;

        Unreadable(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /**
     * @param encoding value of {@code Content-Encoding}, or null
     * @throws Unreadable with 413 when it is larger than {@link RuntimeApi#MAX_REPORT_BYTES}, compressed or not; with 400
     *     when it is no gzip; with 415 for another encoding
     */
    static byte[] decompressed(Buffer body, @Nullable String encoding) {
        if (body.length() > RuntimeApi.MAX_REPORT_BYTES) {
            throw tooLarge();
        }
        if (encoding == null || encoding.isBlank() || encoding.strip().equalsIgnoreCase("identity")) {
            return body.getBytes();
        }
        if (!encoding.strip().equalsIgnoreCase("gzip")) {
            throw new Unreadable(415, "A report comes as it is or compressed by gzip.");
        }
        byte[] bytes;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body.getBytes()))) {
            bytes = in.readNBytes(RuntimeApi.MAX_REPORT_BYTES + 1);
        } catch (IOException e) {
            throw new Unreadable(400, "The body is no gzip, though Content-Encoding says so.");
        }
        if (bytes.length > RuntimeApi.MAX_REPORT_BYTES) {
            throw tooLarge();
        }
        return bytes;
    }

    private static Unreadable tooLarge() {
        return new Unreadable(
                413, "A report has at most " + RuntimeApi.MAX_REPORT_BYTES + " bytes; send the rest in a further one.");
    }
}
