package dev.sluice.runtime.request.guard;

import io.netty.buffer.ByteBuf;

/**
 * Finds the end of a PROXY protocol header, of version 1 (a line) or 2 (16 octets that say how many follow). Whether it
 * is any good is for its own decoder to say.
 */
final class ProxyHeader {
    private static final int VERSION_2_BEGINS_WITH = 0x0d;
    private static final int LENGTH_AT = 14;
    private static final int FIXED_OCTETS = 16;

    private int seen;
    private boolean version2;
    private int length;
    private boolean ended;

    boolean ended() {
        return ended;
    }

    /** Reads on; returns where it stopped. */
    int scan(ByteBuf in) {
        int at = in.readerIndex();
        while (at < in.writerIndex() && !ended) {
            octet(in.getUnsignedByte(at++));
        }
        return at;
    }

    private void octet(int octet) {
        if (seen == 0) {
            version2 = octet == VERSION_2_BEGINS_WITH;
        }
        if (version2 && (seen == LENGTH_AT || seen == LENGTH_AT + 1)) {
            length = length << 8 | octet;
        }
        seen++;
        ended = version2 ? seen >= FIXED_OCTETS && seen == FIXED_OCTETS + length : octet == '\n';
    }
}
