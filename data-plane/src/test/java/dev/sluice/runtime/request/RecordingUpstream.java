package dev.sluice.runtime.request;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An upstream that answers every whole request with 200 and remembers every octet, whole request or not. */
final class RecordingUpstream implements AutoCloseable {
    private final Queue<Character> octets = new ConcurrentLinkedQueue<>();
    private final Queue<String> bodies = new ConcurrentLinkedQueue<>();
    private final RawUpstream upstream = new RawUpstream(this::serve);

    int port() {
        return upstream.port();
    }

    /** All that came, over whichever connection. */
    String octets() {
        StringBuilder text = new StringBuilder();
        octets.forEach(text::append);
        return text.toString();
    }

    /** How many whole requests came. */
    int served() {
        return bodies.size();
    }

    /** Bodies of the whole requests that came. */
    List<String> bodies() {
        return List.copyOf(bodies);
    }

    private void serve(RawUpstream.Connection connection) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (upTo(connection.in(), seen, "\r\n\r\n")) {
            String head = seen.toString().toLowerCase(java.util.Locale.ROOT);
            seen.setLength(0);
            StringBuilder body = new StringBuilder();
            if (head.contains("transfer-encoding: chunked")) {
                int size = size(connection.in(), seen);
                while (size > 0) {
                    body.append(exactly(connection.in(), size));
                    upTo(connection.in(), seen, "\r\n");
                    size = size(connection.in(), seen);
                }
                if (size < 0) {
                    return; // it ended in the middle of a request
                }
                do {
                    seen.setLength(0);
                } while (upTo(connection.in(), seen, "\r\n") && seen.length() > 2); // trailers
            } else if (head.contains("content-length: ")) {
                int from = head.indexOf("content-length: ") + 16;
                body.append(exactly(connection.in(), Integer.parseInt(head.substring(from, head.indexOf('\r', from)))));
            }
            seen.setLength(0);
            bodies.add(body.toString());
            connection.write(RawUpstream.OK);
        }
    }

    private int size(InputStream in, StringBuilder seen) throws IOException {
        seen.setLength(0);
        return upTo(in, seen, "\r\n") ? Integer.parseInt(seen.substring(0, seen.length() - 2), 16) : -1;
    }

    private String exactly(InputStream in, int length) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.length() < length) {
            read.append(next(in));
        }
        return read.toString();
    }

    /** Whether that ending came before the end of the connection. */
    @CanIgnoreReturnValue
    private boolean upTo(InputStream in, StringBuilder seen, String ending) throws IOException {
        do {
            int next = in.read();
            if (next < 0) {
                return false;
            }
            octets.add((char) next);
            seen.append((char) next);
        } while (seen.length() < ending.length()
                || !ending.contentEquals(seen.subSequence(seen.length() - ending.length(), seen.length())));
        return true;
    }

    private char next(InputStream in) throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new IOException("The connection ended in the middle of a request");
        }
        octets.add((char) next);
        return (char) next;
    }

    @Override
    public void close() {
        upstream.close();
    }
}
