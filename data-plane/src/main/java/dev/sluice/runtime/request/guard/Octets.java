package dev.sluice.runtime.request.guard;

/** Classes of octets, by table. */
final class Octets {
    private static final byte TOKEN = 1;
    private static final byte TARGET = 2;
    private static final byte VALUE = 4;
    private static final byte QUOTED = 8;
    private static final byte[] CLASSES = new byte[256];

    static {
        for (int c = 0; c < 256; c++) {
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (alphanumeric || "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
                CLASSES[c] |= TOKEN;
            }
            if (c > 0x20 && c < 0x7f) {
                CLASSES[c] |= TARGET;
            }
            if (c == '\t' || (c >= 0x20 && c != 0x7f)) {
                CLASSES[c] |= VALUE;
                if (c != '"' && c != '\\') {
                    CLASSES[c] |= QUOTED;
                }
            }
        }
    }

    private Octets() {}

    /** RFC 9110 5.6.2: tchar. */
    static boolean token(byte octet) {
        return (CLASSES[octet & 0xff] & TOKEN) != 0;
    }

    /** What a request target may be made of, whatever its form: visible ASCII (RFC 9112 3.2). */
    static boolean target(byte octet) {
        return (CLASSES[octet & 0xff] & TARGET) != 0;
    }

    /** RFC 9110 5.5: field-content with what may be between. */
    static boolean value(byte octet) {
        return (CLASSES[octet & 0xff] & VALUE) != 0;
    }

    /** RFC 9110 5.6.4: qdtext. */
    static boolean quoted(byte octet) {
        return (CLASSES[octet & 0xff] & QUOTED) != 0;
    }

    /** OWS (RFC 9110 5.6.3). */
    static boolean blank(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    /** The value of a hexadecimal digit, -1 for anything else. */
    static int hex(byte octet) {
        if (octet >= '0' && octet <= '9') {
            return octet - '0';
        }
        int lower = octet | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** Whether these octets are that ASCII text, in whatever case; {@code lower} is in lower case. */
    static boolean same(byte[] octets, int from, int to, String lower) {
        if (to - from != lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            int c = octets[from + i];
            if (c >= 'A' && c <= 'Z') {
                c |= 0x20;
            }
            if (c != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
