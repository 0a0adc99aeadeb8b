package dev.sluice.model.routing;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * One spelling for each path, after RFC 3986 6.2.2: octets that need no percent-encoding are decoded (UTF-8 included),
 * reserved characters and controls keep theirs in upper case, then dot segments go and repeated slashes become one. A
 * percent sign that begins no triplet becomes {@code %25}, so that no second decoding, here or upstream, can find a
 * triplet that was not there.
 */
public final class PathNormalizer {
    private static final String RESERVED = "!*'();:@&=+$,/?%#[]";

    private PathNormalizer() {}

    /**
     * @param rawPath the path as sent, its query already cut
     * @return begins with a slash and is its own normal form; the argument itself where nothing changes
     */
    public static String normalize(String rawPath) {
        if (isPlain(rawPath)) {
            return rawPath;
        }
        String normal = withoutDotSegments(decode(rawPath));
        return normal.equals(rawPath) ? rawPath : normal;
    }

    /** Whether a first glance shows that there is nothing to do. */
    private static boolean isPlain(String path) {
        int length = path.length();
        if (length == 0 || path.charAt(0) != '/') {
            return false;
        }
        char before = 'x';
        for (int i = 0; i < length; i++) {
            char c = path.charAt(i);
            if (c == '%' || (before == '/' && (c == '/' || c == '.'))) {
                return false;
            }
            before = c;
        }
        return true;
    }

    private static String decode(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        StringBuilder out = new StringBuilder(path.length());
        int i = 0;
        while (i < path.length()) {
            char c = path.charAt(i);
            int octet = c == '%' ? octetAt(path, i) : -1;
            if (c != '%') {
                out.append(c);
                i++;
            } else if (octet < 0) {
                out.append("%25");
                i++;
            } else if (octet < 0x80) {
                if (octet < 0x20 || octet == 0x7f || RESERVED.indexOf(octet) >= 0) {
                    PathEscaper.appendTriplet(out, octet);
                } else {
                    out.append((char) octet);
                }
                i += 3;
            } else {
                i = decodeUtf8(path, i, out);
            }
        }
        return out.toString();
    }

    /** Decodes the character whose first octet stands at {@code at}, or keeps that octet; where to go on. */
    private static int decodeUtf8(String path, int at, StringBuilder out) {
        int first = octetAt(path, at);
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = (byte) octetAt(path, at + 3 * i); // where there is none, 0xff: never UTF-8
        }
        try {
            out.append(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)));
            return at + 3 * length;
        } catch (CharacterCodingException e) {
            PathEscaper.appendTriplet(out, first); // no character: the octet stays as it is
            return at + 3;
        }
    }

    /** The octet of the triplet at this place, -1 when there is none. */
    private static int octetAt(String path, int at) {
        if (at + 2 >= path.length() || path.charAt(at) != '%') {
            return -1;
        }
        int high = hexDigit(path.charAt(at + 1));
        int low = hexDigit(path.charAt(at + 2));
        return high < 0 || low < 0 ? -1 : (high << 4) + low;
    }

    private static int hexDigit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private static String withoutDotSegments(String path) {
        StringBuilder out = new StringBuilder(path.length() + 1);
        int start = path.startsWith("/") ? 1 : 0;
        while (start <= path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            int length = end - start;
            boolean dot = length == 1 && path.charAt(start) == '.';
            boolean dots = length == 2 && path.startsWith("..", start);
            if (dots) {
                out.setLength(Math.max(0, out.lastIndexOf("/")));
            } else if (length > 0 && !dot) {
                out.append('/').append(path, start, end);
            }
            if (slash < 0 && (length == 0 || dot || dots)) {
                out.append('/');
            }
            start = end + 1;
        }
        return out.toString();
    }
}
