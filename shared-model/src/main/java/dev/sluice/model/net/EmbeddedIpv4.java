package dev.sluice.model.net;

import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The IPv4 address that an IPv6 address stands for, where a host or a translator on the way sends it on to that. */
final class EmbeddedIpv4 {
    private static final Cidr MAPPED_OR_COMPATIBLE = Cidr.parse("::/80");
    private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");
    private static final Cidr SIX_TO_FOUR = Cidr.parse("2002::/16");

    private EmbeddedIpv4() {}

    /**
     * Within {@code ::ffff:0:0/96} and {@code ::/96} (RFC 4291 2.5.5), {@code 64:ff9b::/96} (RFC 6052) and {@code
     * 2002::/16} (RFC 3056); null for every other address, and for {@code ::} and {@code ::1}, which stand for themselves.
     */
    static @Nullable InetAddress in(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != 16) {
            return null;
        }
        if (SIX_TO_FOUR.contains(address)) {
            return HostLiterals.of(Arrays.copyOfRange(bytes, 2, 6));
        }
        if (NAT64.contains(address)
                || (MAPPED_OR_COMPATIBLE.contains(address) && isMappedOrCompatible(bytes, address))) {
            return HostLiterals.of(Arrays.copyOfRange(bytes, 12, 16));
        }
        return null;
    }

    private static boolean isMappedOrCompatible(byte[] bytes, InetAddress address) {
        boolean mapped = bytes[10] == (byte) 0xFF && bytes[11] == (byte) 0xFF;
        boolean compatible = bytes[10] == 0 && bytes[11] == 0;
        return mapped || (compatible && !address.isAnyLocalAddress() && !address.isLoopbackAddress());
    }
}
