package dev.sluice.runtime.request;

import static dev.sluice.runtime.request.RawHttp2Client.ACK;
import static dev.sluice.runtime.request.RawHttp2Client.DATA;
import static dev.sluice.runtime.request.RawHttp2Client.END_HEADERS;
import static dev.sluice.runtime.request.RawHttp2Client.END_STREAM;
import static dev.sluice.runtime.request.RawHttp2Client.GOAWAY;
import static dev.sluice.runtime.request.RawHttp2Client.HEADERS;
import static dev.sluice.runtime.request.RawHttp2Client.INITIAL_WINDOW_SIZE;
import static dev.sluice.runtime.request.RawHttp2Client.PING;
import static dev.sluice.runtime.request.RawHttp2Client.PRIORITY;
import static dev.sluice.runtime.request.RawHttp2Client.SETTINGS;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** An upstream that speaks HTTP/2 with prior knowledge, and whose every frame is chosen by the test. */
final class RawHttp2Upstream implements AutoCloseable {
    private static final int PREFACE_OCTETS = 24;
    private static final int WINDOW_UPDATE = 8;

    /** What happens on a connection; it is closed when this returns. */
    interface Behaviour {
        void on(Connection connection) throws IOException, InterruptedException;
    }

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final int window;
    private final RawUpstream upstream;

    RawHttp2Upstream(Behaviour behaviour) {
        this(65_535, behaviour);
    }

    /** @param window octets of a body that may be on their way on each stream (RFC 9113 6.9.2) */
    RawHttp2Upstream(int window, Behaviour behaviour) {
        this.window = window;
        upstream = new RawUpstream(raw -> behaviour.on(new Connection(raw)));
    }

    int port() {
        return upstream.port();
    }

    int connectionCount() {
        return upstream.connectionCount();
    }

    /** Those that were read to their end, over whichever connection. */
    List<Request> requests() {
        return requests;
    }

    @Override
    public void close() {
        upstream.close();
    }

    /** A request as it came, to its end. */
    record Request(int stream, Map<String, String> headers, String body, Map<String, String> trailers) {}

    /** What is there of a request. */
    private static final class Coming {
        private final Map<String, String> headers = new TreeMap<>();
        private final Map<String, String> trailers = new TreeMap<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        private Request whole(int stream) {
            return new Request(stream, headers, body.toString(StandardCharsets.ISO_8859_1), trailers);
        }
    }

    /** One connection. */
    final class Connection {
        private final RawUpstream.Connection raw;
        private final DataInputStream in;
        private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
        private final Map<Integer, Coming> coming = new TreeMap<>();
        private boolean heard;

        private Connection(RawUpstream.Connection raw) throws IOException {
            this.raw = raw;
            this.in = new DataInputStream(raw.in());
            in.readNBytes(PREFACE_OCTETS);
            byte[] initialWindow = ByteBuffer.allocate(6)
                    .putShort(INITIAL_WINDOW_SIZE)
                    .putInt(window)
                    .array();
            frame(SETTINGS, 0, 0, initialWindow);
        }

        /** Reads a request to its end; null when the connection ended. */
        @Nullable
        Request request() throws IOException {
            try {
                int ended = read();
                while (ended < 0) {
                    ended = read();
                }
                Request request = of(ended).whole(ended);
                requests.add(request);
                return request;
            } catch (EOFException | SocketException e) {
                return null;
            }
        }

        /** Reads a frame; the stream that it ended, or -1. */
        @CanIgnoreReturnValue
        private int read() throws IOException {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            take(type, flags, stream, in.readNBytes(length));
            return type <= HEADERS && (flags & END_STREAM) != 0 ? stream : -1;
        }

        /** Waits until the other side has read all that was sent so far; false when the connection ended before. */
        @CanIgnoreReturnValue
        boolean heardAll() throws IOException {
            heard = false;
            frame(PING, 0, 0, new byte[8]);
            try {
                while (!heard) {
                    read();
                }
                return true;
            } catch (EOFException | SocketException e) {
                return false;
            }
        }

        private Coming of(int stream) {
            return coming.computeIfAbsent(stream, number -> new Coming());
        }

        private void take(int type, int flags, int stream, byte[] payload) throws IOException {
            switch (type) {
                case DATA -> {
                    of(stream).body.writeBytes(payload);
                    if (payload.length > 0) {
                        byte[] taken =
                                ByteBuffer.allocate(4).putInt(payload.length).array();
                        frame(WINDOW_UPDATE, 0, 0, taken);
                        if ((flags & END_STREAM) == 0) {
                            frame(WINDOW_UPDATE, 0, stream, taken);
                        }
                    }
                }
                case HEADERS -> {
                    Coming request = of(stream);
                    Map<String, String> to = request.headers.isEmpty() ? request.headers : request.trailers;
                    to.putAll(fields(stream, (flags & PRIORITY) == 0 ? 0 : 5, payload));
                }
                case SETTINGS -> {
                    if ((flags & ACK) == 0) {
                        frame(SETTINGS, ACK, 0, new byte[0]);
                    }
                }
                case PING -> {
                    if ((flags & ACK) == 0) {
                        frame(PING, ACK, 0, payload);
                    } else {
                        heard = true;
                    }
                }
                default -> {}
            }
        }

        private Map<String, String> fields(int stream, int from, byte[] payload) throws IOException {
            ByteBuf block = Unpooled.wrappedBuffer(Arrays.copyOfRange(payload, from, payload.length));
            Map<String, String> fields = new TreeMap<>();
            try {
                decoder.decodeHeaders(stream, block)
                        .forEach(field -> fields.put(
                                field.getKey().toString(), field.getValue().toString()));
            } catch (io.netty.handler.codec.http2.Http2Exception e) {
                throw new IOException(e);
            } finally {
                block.release();
            }
            return fields;
        }

        /** @param fields names and values in turn */
        void headers(int stream, boolean end, String... fields) throws IOException {
            frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, RawHttp2Client.block(fields));
        }

        void data(int stream, boolean end, String text) throws IOException {
            frame(DATA, end ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** Answers a call with what it said, and that all is well. */
        void echo(Request call) throws IOException {
            headers(call.stream(), false, ":status", "200", "content-type", "application/grpc");
            data(call.stream(), false, call.body());
            headers(call.stream(), true, "grpc-status", "0");
        }

        /** @param last the last stream that is served */
        void goAway(int last) throws IOException {
            frame(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(last).array());
        }

        void frame(int type, int flags, int stream, byte[] payload) throws IOException {
            raw.write(RawHttp2Client.octets(type, flags, stream, payload));
        }
    }
}
