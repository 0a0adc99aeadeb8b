package dev.sluice.runtime.request;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An HTTP/2 client whose every frame is chosen by the test; header fields go out as literals, whatever they are. */
final class RawHttp2Client implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final short INITIAL_WINDOW_SIZE = 4;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int PRIORITY = 32;
    static final int ACK = 1;

    private final RawClient client;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
    private final Map<Integer, Reply> replies = new HashMap<>();
    private final List<Integer> lastStreams = new ArrayList<>();
    private boolean answersPings = true;
    private long goAwayCode = -1;

    /** What came on one stream. */
    static final class Reply {
        private final List<Map<String, String>> interims = new ArrayList<>();
        private final Map<String, String> headers = new TreeMap<>();
        private final Map<String, String> trailers = new TreeMap<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private boolean headed;
        private boolean ended;
        private long reset = -1;

        int status() {
            return Integer.parseInt(headers.getOrDefault(":status", "0"));
        }

        /** Header sections that came before the answer's own. */
        List<Map<String, String>> interims() {
            return interims;
        }

        Map<String, String> headers() {
            return headers;
        }

        Map<String, String> trailers() {
            return trailers;
        }

        String text() {
            return body.toString(StandardCharsets.UTF_8);
        }

        /** Whether END_STREAM came. */
        boolean ended() {
            return ended;
        }

        /** The error code of RST_STREAM, -1 when none came. */
        long reset() {
            return reset;
        }
    }

    RawHttp2Client(int port) {
        client = new RawClient(port);
        try {
            in = new DataInputStream(client.socket().getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        frame(SETTINGS, 0, 0, new byte[0]);
    }

    /** From now on so many octets of an answer may be on their way on each stream, the ones that are included. */
    @CanIgnoreReturnValue
    RawHttp2Client window(int octets) {
        return frame(
                SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6)
                        .putShort(INITIAL_WINDOW_SIZE)
                        .putInt(octets)
                        .array());
    }

    /** @param fields names and values in turn */
    @CanIgnoreReturnValue
    RawHttp2Client headers(int stream, boolean end, String... fields) {
        return frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(fields));
    }

    /** A header block of literals. */
    static byte[] block(String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0x10); // a literal that is never indexed (RFC 7541 6.2.3)
            string(block, fields[i]);
            string(block, fields[i + 1]);
        }
        return block.toByteArray();
    }

    /** A GET of this path and these further fields. */
    @CanIgnoreReturnValue
    RawHttp2Client get(int stream, String path, String... fields) {
        return request(stream, true, "GET", path, fields);
    }

    /** The head of a POST; its body comes by {@link #data}. */
    @CanIgnoreReturnValue
    RawHttp2Client post(int stream, String path, String... fields) {
        return request(stream, false, "POST", path, fields);
    }

    /** The head of a gRPC call; its body comes by {@link #data}. */
    @CanIgnoreReturnValue
    RawHttp2Client call(int stream) {
        return post(stream, "/a.B/C", "content-type", "application/grpc", "te", "trailers");
    }

    private RawHttp2Client request(int stream, boolean end, String method, String path, String... fields) {
        String[] all = new String[8 + fields.length];
        String[] pseudo = {":method", method, ":scheme", "http", ":authority", "a", ":path", path};
        System.arraycopy(pseudo, 0, all, 0, 8);
        System.arraycopy(fields, 0, all, 8, fields.length);
        return headers(stream, end, all);
    }

    @CanIgnoreReturnValue
    RawHttp2Client data(int stream, boolean end, String text) {
        return frame(DATA, end ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @CanIgnoreReturnValue
    RawHttp2Client reset(int stream, int code) {
        return frame(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(code).array());
    }

    @CanIgnoreReturnValue
    RawHttp2Client frame(int type, int flags, int stream, byte[] payload) {
        client.send(octets(type, flags, stream, payload));
        return this;
    }

    static byte[] octets(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** Reads until that stream has ended, one way or another. */
    @CanIgnoreReturnValue
    Reply reply(int stream) {
        Reply reply = of(stream);
        while (!reply.ended && reply.reset < 0 && read()) {
            // until then
        }
        return reply;
    }

    /** Reads until the header section of that stream's answer came. */
    @CanIgnoreReturnValue
    Reply replyHead(int stream) {
        Reply reply = of(stream);
        while (!reply.headed && reply.reset < 0 && read()) {
            // until then
        }
        return reply;
    }

    /** Reads until a GOAWAY came, if none has yet: the last streams that each of them names, in turn. */
    List<Integer> goAways() {
        while (lastStreams.isEmpty() && read()) {
            // until then
        }
        return lastStreams;
    }

    /** Reads until the GOAWAY came that says which stream is served last. */
    int goAway() {
        while (!saidLast() && read()) {
            // until then
        }
        if (!saidLast()) {
            throw new AssertionError("The connection ended without GOAWAY");
        }
        return lastStreams.get(lastStreams.size() - 1);
    }

    private boolean saidLast() {
        return !lastStreams.isEmpty() && lastStreams.get(lastStreams.size() - 1) != Integer.MAX_VALUE;
    }

    /** From now on it does not say that it has heard. */
    @CanIgnoreReturnValue
    RawHttp2Client answerNoPings() {
        answersPings = false;
        return this;
    }

    /** The error code of the GOAWAY that came, -1 when none came. */
    long goAwayCode() {
        return goAwayCode;
    }

    /** Whether the other side ends the connection, whatever it sends before. */
    boolean isClosedByPeer() {
        while (read()) {
            // until then
        }
        return true;
    }

    private Reply of(int stream) {
        return replies.computeIfAbsent(stream, number -> new Reply());
    }

    /** Reads one frame; false at the end of the connection. */
    private boolean read() {
        try {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = in.readNBytes(length);
            take(type, flags, stream, payload);
            return true;
        } catch (EOFException | java.net.SocketException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(int type, int flags, int stream, byte[] payload) {
        switch (type) {
            case DATA -> of(stream).body.writeBytes(payload);
            case HEADERS -> {
                int skipped = (flags & PRIORITY) == 0 ? 0 : 5;
                fields(of(stream), stream, Arrays.copyOfRange(payload, skipped, payload.length));
            }
            case RST_STREAM ->
                of(stream).reset =
                        Integer.toUnsignedLong(ByteBuffer.wrap(payload).getInt());
            case SETTINGS -> {
                if ((flags & ACK) == 0) {
                    acknowledge(SETTINGS, new byte[0]);
                }
            }
            case PING -> {
                if ((flags & ACK) == 0 && answersPings) {
                    acknowledge(PING, payload);
                }
            }
            case GOAWAY -> {
                lastStreams.add(ByteBuffer.wrap(payload).getInt());
                goAwayCode = Integer.toUnsignedLong(ByteBuffer.wrap(payload).getInt(4));
            }
            default -> {}
        }
        if (type <= HEADERS && (flags & END_STREAM) != 0) {
            of(stream).ended = true;
        }
    }

    private void acknowledge(int type, byte[] payload) {
        try {
            frame(type, ACK, 0, payload);
        } catch (UncheckedIOException e) {
            // closed by the other side: reading on tells
        }
    }

    private void fields(Reply reply, int stream, byte[] block) {
        ByteBuf buffer = Unpooled.wrappedBuffer(block);
        try {
            Http2Headers decoded = decoder.decodeHeaders(stream, buffer);
            Map<String, String> to = new TreeMap<>();
            decoded.forEach(
                    field -> to.put(field.getKey().toString(), field.getValue().toString()));
            if (reply.headed) {
                reply.trailers.putAll(to);
            } else if (to.getOrDefault(":status", "").startsWith("1")) {
                reply.interims.add(to);
            } else {
                reply.headed = true;
                reply.headers.putAll(to);
            }
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        } finally {
            buffer.release();
        }
    }

    private static void string(ByteArrayOutputStream block, String text) {
        int length = text.length();
        if (length < 127) {
            block.write(length);
        } else { // RFC 7541 5.1
            block.write(127);
            int rest = length - 127;
            while (rest >= 128) {
                block.write(rest % 128 + 128);
                rest /= 128;
            }
            block.write(rest);
        }
        block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() {
        client.close();
    }
}
