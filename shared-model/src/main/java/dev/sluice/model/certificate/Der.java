package dev.sluice.model.certificate;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** As much of DER (ITU-T X.690) as it takes to put one form of a private key into another, and to ask for a certificate. */
final class Der {
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int SEQUENCE = 0x30;
    /** {@code [0]}, constructed. */
    static final int FIRST = 0xa0;

    /** INTEGER 0. */
    static final byte[] ZERO = {0x02, 0x01, 0x00};

    /** What a BIT STRING of whole octets begins with. */
    static final byte[] NO_UNUSED_BITS = {0};

    private Der() {}

    /** One value: its tag and what is within. */
    static final class Value {
        private final int tag;
        private final byte[] content;

        private Value(int tag, byte[] content) {
            this.tag = tag;
            this.content = content;
        }

        int tag() {
            return tag;
        }

        byte[] content() {
            return content;
        }
    }

    static byte[] write(int tag, byte[]... contents) {
        int length = 0;
        for (byte[] content : contents) {
            length += content.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = (39 - Integer.numberOfLeadingZeros(length)) / 8;
            out.write(0x80 | bytes);
            for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
                out.write(length >>> shift);
            }
        }
        for (byte[] content : contents) {
            out.writeBytes(content);
        }
        return out.toByteArray();
    }

    /**
     * The values that stand in a row.
     *
     * @throws IllegalArgumentException when they are cut short or not in this form
     */
    static List<Value> read(byte[] bytes) {
        List<Value> values = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int from = at + 2;
            int length = from <= bytes.length ? bytes[at + 1] & 0xff : -1;
            if (length > 0x80 && length <= 0x83 && from + length - 0x80 <= bytes.length) {
                int bytesOfLength = length - 0x80;
                length = 0;
                for (int i = 0; i < bytesOfLength; i++) {
                    length = (length << 8) | (bytes[from + i] & 0xff);
                }
                from += bytesOfLength;
            } else if (length >= 0x80) {
                length = -1;
            }
            if (length < 0 || length > bytes.length - from) {
                throw new IllegalArgumentException("not DER");
            }
            values.add(new Value(bytes[at] & 0xff, Arrays.copyOfRange(bytes, from, from + length)));
            at = from + length;
        }
        return values;
    }
}
