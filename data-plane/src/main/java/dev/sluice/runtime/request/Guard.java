package dev.sluice.runtime.request;

import dev.sluice.runtime.ClientLimits;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.failure.RequestFailed;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The guard phase: whatever could mean one thing here and another thing at the upstream is refused, never guessed (RFC
 * 9112 section 3, 6.1, 6.3 and 11.2). What the parser of HTTP/1 resolves or drops cannot be seen from here: the guard on
 * the wire has looked at that.
 */
final class Guard {
    private Guard() {}

    /**
     * Checks a request.
     *
     * @throws RequestFailed when it must not go on
     */
    static RequestTarget check(HttpServerRequest request, ClientLimits limits) {
        checkMethod(request.method());
        Found found = headers(request);
        framing(request, found, limits);
        String uri = request.uri();
        if (request.version() == HttpVersion.HTTP_2) {
            return Http2Guard.check(request, found.host, limits);
        }
        if (!uri.isEmpty() && uri.charAt(0) != '/') {
            return absolute(uri, authority(request, found));
        }
        return target(uri, 0, authority(request, found));
    }

    private static void checkMethod(HttpMethod method) {
        if (HttpMethod.GET.equals(method) || HttpMethod.POST.equals(method)) {
            return;
        }
        if (HttpMethod.TRACE.equals(method)) {
            throw new RequestFailed(Failure.METHOD_NOT_ALLOWED);
        }
        if (HttpMethod.CONNECT.equals(method)) {
            throw new RequestFailed(Failure.METHOD_NOT_IMPLEMENTED);
        }
        require(isToken(method.name()));
    }

    /** The headers that decide where a message ends and where it goes. */
    private static final class Found {
        private @Nullable String host;
        private @Nullable String contentLength;
        private @Nullable String transferEncoding;
    }

    private static Found headers(HttpServerRequest request) {
        Found found = new Found();
        for (Map.Entry<String, String> header : request.headers()) {
            String name = header.getKey();
            String value = header.getValue();
            field(name, value);
            switch (name.length()) {
                case 4 -> {
                    if (name.equalsIgnoreCase("host")) {
                        require(found.host == null);
                        found.host = value;
                    }
                }
                case 14 -> {
                    if (name.equalsIgnoreCase("content-length")) {
                        require(found.contentLength == null);
                        found.contentLength = value;
                    }
                    require(!name.equalsIgnoreCase("content_length"));
                }
                case 17 -> {
                    if (name.equalsIgnoreCase("transfer-encoding")) {
                        require(found.transferEncoding == null);
                        found.transferEncoding = value;
                    }
                    require(!name.equalsIgnoreCase("transfer_encoding"));
                }
                default -> {}
            }
        }
        return found;
    }

    static void field(String name, String value) {
        require(isToken(name) && isFieldValue(value));
    }

    private static void framing(HttpServerRequest request, Found found, ClientLimits limits) {
        String length = found.contentLength;
        if (length != null) {
            require(found.transferEncoding == null);
            require(!length.isEmpty() && length.length() <= 18 && isDigits(length));
            if (limits.bodyBytes() > 0 && Long.parseLong(length) > limits.bodyBytes()) {
                throw new RequestFailed(Failure.BODY_TOO_LARGE);
            }
        }
        String coding = found.transferEncoding;
        if (coding != null) {
            // Other codings before it would have to be undone or passed on: neither is done.
            require(coding.equalsIgnoreCase("chunked") && request.version() != HttpVersion.HTTP_1_0);
            request.headers().set(HttpHeaders.TRANSFER_ENCODING, HttpHeaders.CHUNKED);
        }
    }

    private static @Nullable String authority(HttpServerRequest request, Found found) {
        if (found.host == null) {
            require(request.version() == HttpVersion.HTTP_1_0);
        }
        return found.host;
    }

    /** The absolute form: its authority counts (RFC 9112 3.2.2), so it must not differ from Host. */
    private static RequestTarget absolute(String uri, @Nullable String host) {
        String scheme = "http://";
        require(uri.regionMatches(true, 0, scheme, 0, scheme.length()));
        int end = scheme.length();
        while (end < uri.length() && uri.charAt(end) != '/' && uri.charAt(end) != '?') {
            end++;
        }
        String authority = uri.substring(scheme.length(), end);
        RequestTarget target = target(uri, end, authority);
        if (host != null) {
            RequestTarget named = target(uri, end, host);
            boolean same = target.host() != null
                    && target.host().equalsIgnoreCase(named.host())
                    && portOr80(target) == portOr80(named);
            require(same);
        }
        return target;
    }

    private static int portOr80(RequestTarget target) {
        return target.port() < 0 ? 80 : target.port();
    }

    static RequestTarget target(String uri, int pathStart, @Nullable String authority) {
        int question = uri.length();
        for (int i = pathStart; i < uri.length(); i++) {
            char c = uri.charAt(i);
            require(c > 0x20 && c < 0x7f && c != '#');
            if (c == '?' && question == uri.length()) {
                question = i;
            }
        }
        String path = uri.substring(pathStart, question);
        if (path.isEmpty()) {
            require(pathStart > 0);
            path = "/";
        }
        String query = uri.substring(question);
        if (authority == null) {
            return new RequestTarget(path, query, null, -1, null);
        }
        int colon = hostEnd(authority);
        int port = colon == authority.length() ? -1 : port(authority, colon + 1);
        return new RequestTarget(path, query, authority.substring(0, colon), port, authority);
    }

    /** Where the host ends in {@code host[:port]}: names, IPv4 addresses, IPv6 addresses in brackets. */
    private static int hostEnd(String authority) {
        int length = authority.length();
        int end = 0;
        if (length > 0 && authority.charAt(0) == '[') {
            end = authority.indexOf(']') + 1;
            require(end > 3);
            for (int i = 1; i < end - 1; i++) {
                char c = authority.charAt(i);
                require((Character.digit(c, 16) >= 0 && c < 0x80) || c == ':' || c == '.');
            }
        } else {
            while (end < length && isNameCharacter(authority.charAt(end))) {
                end++;
            }
            require(end > 0);
        }
        require(end == length || authority.charAt(end) == ':');
        return end;
    }

    private static int port(String authority, int from) {
        if (from == authority.length()) {
            return -1;
        }
        int port = 0;
        for (int i = from; i < authority.length(); i++) {
            char c = authority.charAt(i);
            require(c >= '0' && c <= '9');
            port = port * 10 + c - '0';
            require(port <= 65535);
        }
        return port;
    }

    private static boolean isNameCharacter(char c) {
        return isLetterOrDigit(c) || c == '.' || c == '-' || c == '_' || c == '~' || c == '%';
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** RFC 9110 5.6.2. */
    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLetterOrDigit(c) && "-_.!#$%&'*+^`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** RFC 9110 5.5: no control characters but the tabulator. */
    private static boolean isFieldValue(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < 0x20 && c != '\t') || c == 0x7f) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    static void require(boolean holds) {
        if (!holds) {
            throw new RequestFailed(Failure.BAD_REQUEST);
        }
    }
}
