package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bodies far larger than what the gateway may hold, compared by their SHA-256. How large is a system property, in bytes:
 * {@code -Dsluice.test.body=5368709120 -Xmx256m} is what a gateway must survive.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES) // for the largest
final class LargeBodiesTest {
    private static final long LENGTH = Long.getLong("sluice.test.body", 64L << 20);
    private static final int PIECE = 64 * 1024;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDownloadComesWhole(boolean buffered) throws IOException {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    connection.head();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + LENGTH + "\r\n\r\n");
                    Body body = new Body();
                    for (byte[] piece = body.next(); piece.length > 0; piece = body.next()) {
                        connection.write(piece);
                    }
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/'],'response_buffering':" + buffered + "}");

            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

            assertThat(client.read(false).header("content-length")).isEqualTo(Long.toString(LENGTH));
            assertThat(digest(client.in())).isEqualTo(Body.expected());
        }
    }

    /** Of a length that is told, or in chunks: then the gateway learns only in the end how long it is. */
    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false"})
    void anUploadComesWhole(boolean buffered, boolean chunked) {
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    RawUpstream.Request head = Objects.requireNonNull(connection.head());
                    boolean chunks = head.header("content-length") == null;
                    String digest = digest(chunks ? new Unchunked(connection.in()) : connection.in());
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + digest.length() + "\r\n\r\n" + digest);
                    connection.awaitEnd();
                });
                TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/'],'request_buffering':" + buffered + "}");

            client.send("POST / HTTP/1.1\r\nHost: h\r\n"
                    + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + LENGTH) + "\r\n\r\n");
            Body body = new Body();
            for (byte[] piece = body.next(); piece.length > 0; piece = body.next()) {
                client.send(chunked ? Integer.toHexString(piece.length) + "\r\n" : "");
                client.send(piece);
                client.send(chunked ? "\r\n" : "");
            }
            client.send(chunked ? "0\r\n\r\n" : "");

            assertThat(client.read().text()).isEqualTo(Body.expected());
        }
    }

    private static String digest(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        byte[] piece = new byte[PIECE];
        for (long left = LENGTH; left > 0; ) {
            int read = in.read(piece, 0, (int) Math.min(left, PIECE));
            if (read < 0) {
                throw new EOFException(left + " bytes are missing");
            }
            digest.update(piece, 0, read);
            left -= read;
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** What is in chunks, to the end of one at most with each reading. */
    private static final class Unchunked extends FilterInputStream {
        private int left;

        Unchunked(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0) {
                StringBuilder size = new StringBuilder();
                for (int next = in.read(); next != '\n'; next = in.read()) {
                    size.append((char) next);
                }
                left = Integer.parseInt(size.toString().strip(), 16);
            }
            int read = super.read(into, offset, Math.min(left, length));
            left -= read;
            if (left == 0) {
                in.skipNBytes(2);
            }
            return read;
        }
    }

    /** Pieces of a body of which no two are alike. */
    private static final class Body {
        private final byte[] piece = new byte[PIECE];
        private long left = LENGTH;

        Body() {
            new Random(5).nextBytes(piece);
        }

        byte[] next() {
            for (int i = 0; i < Long.BYTES; i++) {
                piece[i] = (byte) (left >> (8 * i));
            }
            int length = (int) Math.min(left, PIECE);
            left -= length;
            return length == PIECE ? piece : java.util.Arrays.copyOf(piece, length);
        }

        static String expected() {
            MessageDigest digest = sha256();
            Body body = new Body();
            for (byte[] next = body.next(); next.length > 0; next = body.next()) {
                digest.update(next);
            }
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
