package dev.sluice.model.routing;

import java.util.BitSet;

/** Percent-encodes what may not stand in a request line; existing triplets stay as they are. */
final class PathEscaper {
    private static final String HEX = "0123456789ABCDEF";
    private static final BitSet KEPT = kept();

    private PathEscaper() {}

    /**
     * @param path a normalised path, or an implementation's and a part of one joined
     * @return the argument itself where nothing is to be encoded
     */
    static String escape(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (!KEPT.get(path.charAt(i))) {
                return escapeFrom(path, i);
            }
        }
        return path;
    }

    static void appendTriplet(StringBuilder out, int octet) {
        out.append('%').append(HEX.charAt(octet >> 4)).append(HEX.charAt(octet & 0xf));
    }

    private static String escapeFrom(String path, int first) {
        StringBuilder out = new StringBuilder(path.length() + 16).append(path, 0, first);
        int codePoint;
        for (int i = first; i < path.length(); i += Character.charCount(codePoint)) {
            codePoint = path.codePointAt(i);
            if (KEPT.get(codePoint)) {
                out.append((char) codePoint);
            } else {
                appendUtf8(out, codePoint >= 0xd800 && codePoint <= 0xdfff ? 0xfffd : codePoint);
            }
        }
        return out.toString();
    }

    private static void appendUtf8(StringBuilder out, int c) {
        if (c < 0x80) {
            appendTriplet(out, c);
            return;
        }
        int continuations = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        int lead = continuations == 1 ? 0xc0 : continuations == 2 ? 0xe0 : 0xf0;
        appendTriplet(out, lead + (c >> (6 * continuations)));
        for (int i = continuations - 1; i >= 0; i--) {
            appendTriplet(out, 0x80 + ((c >> (6 * i)) & 0x3f));
        }
    }

    /** RFC 3986 unreserved and reserved characters, without those that would end the path. */
    private static BitSet kept() {
        BitSet kept = new BitSet(128);
        kept.set('A', 'Z' + 1);
        kept.set('a', 'z' + 1);
        kept.set('0', '9' + 1);
        "-._~%!$&'()*+,/:;=@[]".chars().forEach(kept::set);
        return kept;
    }
}
