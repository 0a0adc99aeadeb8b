package dev.sluice.runtime.request;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An upstream whose every byte is chosen by the test, and that remembers every byte that it was sent. */
final class RawUpstream implements AutoCloseable {
    /** What happens on a connection; it is closed when this returns. */
    interface Behaviour {
        void on(Connection connection) throws IOException, InterruptedException;
    }

    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final ServerSocket server;
    private final Behaviour behaviour;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();

    RawUpstream(Behaviour behaviour) {
        this(InetAddress.getLoopbackAddress(), 0, behaviour);
    }

    /** @param port 0 for a free one */
    RawUpstream(InetAddress address, int port, Behaviour behaviour) {
        this.behaviour = behaviour;
        try {
            server = new ServerSocket(port, 1024, address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    /** Answers each request with this text, over connections that stay open. */
    static RawUpstream answering(String text) {
        return answering(InetAddress.getLoopbackAddress(), 0, text);
    }

    static RawUpstream answering(InetAddress address, int port, String text) {
        return new RawUpstream(address, port, connection -> {
            while (connection.request() != null) {
                connection.write(text);
            }
        });
    }

    /** Each ended as HTTP ends lines. */
    static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    int port() {
        return server.getLocalPort();
    }

    int connectionCount() {
        return connections.size();
    }

    List<Connection> connections() {
        return connections;
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    /** The only request so far. */
    Request request() {
        List<Request> all = requests();
        if (all.size() != 1) {
            throw new AssertionError(all.size() + " requests: " + all);
        }
        return all.get(0);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Connection connection = new Connection(server.accept());
                connections.add(connection);
                daemon(() -> run(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void run(Connection connection) {
        try (connection) {
            behaviour.on(connection);
        } catch (IOException e) {
            connection.broken = true; // the gateway hung up: some tests want that
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "raw-upstream");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Connection connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request as it came over the wire. */
    record Request(String line, List<String> headers, String body, List<String> trailers) {
        String path() {
            return line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' '));
        }

        @Nullable
        String header(String name) {
            String found = null;
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            for (String header : headers) {
                if (header.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                    String value = header.substring(prefix.length()).strip();
                    found = found == null ? value : found + " | " + value;
                }
            }
            return found;
        }
    }

    /** One connection. */
    final class Connection implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final AtomicInteger served = new AtomicInteger();
        volatile boolean broken;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
            socket.setTcpNoDelay(true);
        }

        Socket socket() {
            return socket;
        }

        InputStream in() {
            return in;
        }

        /** Which request of this connection was read last, from 1. */
        int served() {
            return served.get();
        }

        /** Reads a request with its body; null when the connection ended before one began. */
        @CanIgnoreReturnValue
        @Nullable
        Request request() throws IOException {
            Request head = head();
            if (head == null) {
                return null;
            }
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            List<String> trailers = List.of();
            String length = head.header("content-length");
            if ("chunked".equals(head.header("transfer-encoding"))) {
                for (int size = chunkSize(); size > 0; size = chunkSize()) {
                    body.writeBytes(in.readNBytes(size));
                    line();
                }
                trailers = fields();
            } else if (length != null) {
                body.writeBytes(in.readNBytes(Integer.parseInt(length)));
            }
            Request request =
                    new Request(head.line(), head.headers(), body.toString(StandardCharsets.ISO_8859_1), trailers);
            requests.add(request);
            served.incrementAndGet();
            return request;
        }

        /** Reads a header section alone; null when the connection ended before one began. */
        @CanIgnoreReturnValue
        @Nullable
        Request head() throws IOException {
            in.mark(1);
            if (in.read() < 0) {
                return null;
            }
            in.reset();
            return new Request(line(), fields(), "", List.of());
        }

        private List<String> fields() throws IOException {
            List<String> fields = new ArrayList<>();
            for (String field = line(); !field.isEmpty(); field = line()) {
                fields.add(field);
            }
            return fields;
        }

        void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void write(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Holds the connection open until the other side ends it. */
        void awaitEnd() throws IOException {
            while (in.read() >= 0) {
                // what comes is of no interest
            }
        }

        private int chunkSize() throws IOException {
            return Integer.parseInt(line(), 16);
        }

        @CanIgnoreReturnValue
        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new EOFException();
                }
                if (next != '\r') {
                    line.append((char) next);
                }
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
