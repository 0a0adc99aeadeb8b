package dev.sluice.runtime.request.guard;

import dev.sluice.runtime.ClientLimits;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.failure.RequestFailed;

/**
 * Reads a request line and its header section (RFC 9112 sections 2 to 6) and finds out how its body is framed. Says
 * nothing about what may stand in a target or a Host: whoever sees the parsed request does.
 */
final class HeadScanner {
    /** The head does not end within the octets that there are. */
    static final int INCOMPLETE = -1;

    /** Empty lines before a request line that are passed over (RFC 9112 2.2): some clients end bodies with one. */
    private static final int MOST_EMPTY_LINES = 2;

    private static final int LONGEST_METHOD = 32;
    private static final byte[] HTTP_1 = {'H', 'T', 'T', 'P', '/', '1', '.'};

    /** A Content-Length of 18 digits is about 10^18, which is as good as any. */
    private static final int MOST_LENGTH_DIGITS = 18;

    private final ClientLimits limits;
    private boolean http10;
    private boolean host;
    private boolean chunked;
    private boolean upgrade;
    private final UpgradeToHttp2 http2 = new UpgradeToHttp2();
    private int start;
    private long length;

    HeadScanner(ClientLimits limits) {
        this.limits = limits;
    }

    /** Octets of the longest head that is taken: more need not be looked at. */
    int longest() {
        return MOST_EMPTY_LINES * 2 + LONGEST_METHOD + 1 + limits.uriBytes() + 11 + limits.headerBytes();
    }

    /** Whether the body of the last whole head is chunked. */
    boolean chunked() {
        return chunked;
    }

    /** The length of the body of the last whole head; 0 when there is none, or it is chunked. */
    long length() {
        return Math.max(0, length);
    }

    /** Where the last whole head asks for HTTP/2, counted from its beginning; -1 when it does not. */
    int http2At() {
        return http2.at() < 0 ? -1 : http2.at() - start;
    }

    /** Whether that can be taken up. */
    boolean http2Possible() {
        return http2.wellFormed() && !chunked && length <= 0;
    }

    /** Whether the last whole head asks for another protocol. */
    boolean upgrade() {
        return upgrade;
    }

    /**
     * Reads a head from its first octet, the same one each time that more has come.
     *
     * @return where it ends, or {@link #INCOMPLETE}
     * @throws RequestFailed when it cannot be the beginning of one that is served
     */
    int scan(byte[] in, int from, int to) {
        http10 = false;
        host = false;
        chunked = false;
        upgrade = false;
        http2.clear();
        start = from;
        length = -1;
        int headers = requestLine(in, emptyLines(in, from, to), to);
        if (headers == INCOMPLETE) {
            return INCOMPLETE;
        }
        int end = headers(in, headers, to);
        if ((end == INCOMPLETE ? to : end) - headers > limits.headerBytes()) {
            throw new RequestFailed(Failure.HEADERS_TOO_LARGE);
        }
        if (end != INCOMPLETE) {
            // Without Host nobody can say where it goes (RFC 9112 3.2); chunks are unknown before 1.1 (6.1); two
            // lengths are one too many (6.3).
            require(host || http10);
            require(!chunked || (length < 0 && !http10));
        }
        return end;
    }

    private static int emptyLines(byte[] in, int from, int to) {
        int at = from;
        for (int i = 0; i < MOST_EMPTY_LINES && at + 1 < to && in[at] == '\r' && in[at + 1] == '\n'; i++) {
            at += 2;
        }
        return at == to - 1 && in[at] == '\r' ? to : at;
    }

    private int requestLine(byte[] in, int from, int to) {
        int at = from;
        while (at < to && Octets.token(in[at])) {
            at++;
        }
        require(at - from <= LONGEST_METHOD);
        if (at == to) {
            return INCOMPLETE;
        }
        require(at > from && in[at] == ' ');
        int target = ++at;
        while (at < to && Octets.target(in[at])) {
            at++;
        }
        if (at - target > limits.uriBytes()) {
            throw new RequestFailed(Failure.URI_TOO_LONG);
        }
        if (at == to) {
            return INCOMPLETE;
        }
        require(at > target && in[at] == ' ');
        return version(in, at + 1, to);
    }

    /** {@code HTTP/1.0} or {@code HTTP/1.1} and the end of the line. */
    private int version(byte[] in, int from, int to) {
        for (int i = 0; i < HTTP_1.length; i++) {
            if (from + i == to) {
                return INCOMPLETE;
            }
            if (in[from + i] != HTTP_1[i]) {
                throw new RequestFailed(
                        i == 5 && otherVersion(in, from + i, to) ? Failure.VERSION_NOT_SUPPORTED : Failure.BAD_REQUEST);
            }
        }
        int minor = from + HTTP_1.length;
        if (minor == to) {
            return INCOMPLETE;
        }
        require(digit(in[minor]));
        http10 = in[minor] == '0';
        if (!http10 && in[minor] != '1') {
            throw new RequestFailed(Failure.VERSION_NOT_SUPPORTED);
        }
        return lineEnd(in, minor + 1, to);
    }

    /** Whether a version of another HTTP begins here: a digit, and what is there of a dot and another one. */
    private static boolean otherVersion(byte[] in, int at, int to) {
        return digit(in[at])
                && (at + 1 >= to || in[at + 1] == '.')
                && (at + 2 >= to || digit(in[at + 2]))
                && (at + 3 >= to || in[at + 3] == '\r');
    }

    private static int lineEnd(byte[] in, int at, int to) {
        if (at == to) {
            return INCOMPLETE;
        }
        require(in[at] == '\r');
        if (at + 1 == to) {
            return INCOMPLETE;
        }
        require(in[at + 1] == '\n');
        return at + 2;
    }

    private int headers(byte[] in, int from, int to) {
        int at = from;
        for (int fields = 0; at < to; fields++) {
            if (in[at] == '\r') {
                return lineEnd(in, at, to);
            }
            if (fields == limits.headerCount()) {
                throw new RequestFailed(Failure.HEADERS_TOO_LARGE);
            }
            int name = at;
            while (at < to && Octets.token(in[at])) {
                at++;
            }
            if (at == to) {
                return INCOMPLETE;
            }
            require(at > name && in[at] == ':'); // no folding, no blank before the colon (RFC 9112 5.1, 5.2)
            int colon = at++;
            while (at < to && Octets.value(in[at])) {
                at++;
            }
            int value = at;
            at = lineEnd(in, at, to);
            if (at == INCOMPLETE) {
                return INCOMPLETE;
            }
            field(in, name, colon, value);
        }
        return INCOMPLETE;
    }

    private void field(byte[] in, int name, int colon, int end) {
        switch (colon - name) {
            case 4 -> {
                if (Octets.same(in, name, colon, "host")) {
                    require(!host);
                    host = true;
                }
            }
            case 7 -> {
                if (Octets.same(in, name, colon, "upgrade")) {
                    upgrade = true;
                    http2.upgrade(in, valueStart(in, colon + 1, end), valueEnd(in, colon + 1, end));
                }
            }
            case 10 -> {
                if (Octets.same(in, name, colon, "connection")) {
                    http2.connection(in, valueStart(in, colon + 1, end), valueEnd(in, colon + 1, end));
                }
            }
            case 14 -> {
                if (Octets.same(in, name, colon, "content-length")) {
                    require(length < 0);
                    length = number(in, valueStart(in, colon + 1, end), valueEnd(in, colon + 1, end));
                }
                require(!Octets.same(in, name, colon, "content_length"));
                if (Octets.same(in, name, colon, "http2-settings")) {
                    http2.settings(in, valueStart(in, colon + 1, end), valueEnd(in, colon + 1, end));
                }
            }
            case 17 -> {
                if (Octets.same(in, name, colon, "transfer-encoding")) {
                    // Other codings before it would have to be undone or passed on: neither is done.
                    require(!chunked
                            && Octets.same(
                                    in, valueStart(in, colon + 1, end), valueEnd(in, colon + 1, end), "chunked"));
                    chunked = true;
                }
                require(!Octets.same(in, name, colon, "transfer_encoding"));
            }
            default -> {}
        }
    }

    private static int valueStart(byte[] in, int from, int end) {
        int at = from;
        while (at < end && Octets.blank(in[at])) {
            at++;
        }
        return at == end ? from : at; // nothing but blanks: empty
    }

    private static int valueEnd(byte[] in, int from, int end) {
        int at = end;
        while (at > from && Octets.blank(in[at - 1])) {
            at--;
        }
        return at;
    }

    private static long number(byte[] in, int from, int end) {
        require(end > from && end - from <= MOST_LENGTH_DIGITS);
        long number = 0;
        for (int i = from; i < end; i++) {
            require(digit(in[i]));
            number = number * 10 + in[i] - '0';
        }
        return number;
    }

    private static boolean digit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new RequestFailed(Failure.BAD_REQUEST);
        }
    }
}
