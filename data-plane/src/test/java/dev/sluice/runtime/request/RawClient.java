package dev.sluice.runtime.request;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A client whose every byte is chosen by the test. Reads time out after 20 seconds. */
final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    RawClient(int port) {
        this(port, -1);
    }

    /** @param receiveBuffer in bytes, -1 for the platform's */
    RawClient(int port, int receiveBuffer) {
        try {
            socket = new Socket();
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout((int) TestGateway.PATIENCE.toMillis());
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param socket that is connected and, where it speaks TLS, has shaken hands */
    RawClient(Socket socket) {
        try {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @CanIgnoreReturnValue
    RawClient send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @CanIgnoreReturnValue
    RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @CanIgnoreReturnValue
    RawResponse get(String path) {
        return get(path, "example.com");
    }

    @CanIgnoreReturnValue
    RawResponse get(String path, String host) {
        return send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").read();
    }

    @CanIgnoreReturnValue
    RawResponse read() {
        return read(true);
    }

    @CanIgnoreReturnValue
    RawResponse readToHead() {
        return read(false);
    }

    /** Reads an answer; interim ones (1xx) are passed over. */
    @CanIgnoreReturnValue
    RawResponse read(boolean mayHaveBody) {
        try {
            String statusLine = line();
            int status = Integer.parseInt(statusLine.substring(9, 12));
            List<Map.Entry<String, String>> headers = new ArrayList<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                headers.add(Map.entry(
                        line.substring(0, colon), line.substring(colon + 1).strip()));
            }
            if (status == 100) {
                return read(mayHaveBody);
            }
            RawResponse head = new RawResponse(status, statusLine, headers, Buffer.buffer(), Map.of(), true);
            boolean bodyless = !mayHaveBody || status == 204 || status == 304;
            return bodyless ? head : withBody(head);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RawResponse withBody(RawResponse head) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Map<String, String> trailers = new LinkedHashMap<>();
        boolean complete = true;
        try {
            String length = head.header("content-length");
            if ("chunked".equals(head.header("transfer-encoding"))) {
                chunks(body);
                for (String line = line(); !line.isEmpty(); line = line()) {
                    int colon = line.indexOf(':');
                    trailers.put(
                            line.substring(0, colon), line.substring(colon + 1).strip());
                }
            } else if (length != null) {
                copy(body, Integer.parseInt(length));
            } else {
                in.transferTo(body);
            }
        } catch (EOFException | SocketException e) {
            complete = false;
        }
        return new RawResponse(
                head.status(),
                head.statusLine(),
                head.headers(),
                Buffer.buffer(body.toByteArray()),
                trailers,
                complete);
    }

    private void chunks(ByteArrayOutputStream body) throws IOException {
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            copy(body, size);
            line();
        }
    }

    private void copy(ByteArrayOutputStream body, int length) throws IOException {
        byte[] piece = new byte[Math.min(length, 64 * 1024)];
        for (int left = length; left > 0; ) {
            int read = in.read(piece, 0, Math.min(left, piece.length));
            if (read < 0) {
                throw new EOFException();
            }
            body.write(piece, 0, read);
            left -= read;
        }
    }

    @CanIgnoreReturnValue
    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("The connection ended");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /** Whether the other side closes now, without another byte. */
    boolean isClosedByPeer() {
        try {
            return in.read() < 0;
        } catch (SocketException e) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As many characters as they come. */
    String readText(int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    InputStream in() {
        return in;
    }

    Socket socket() {
        return socket;
    }

    /** What {@link #close} does, in the middle of a test. */
    void hangUp() {
        close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
