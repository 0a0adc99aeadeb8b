package dev.sluice.runtime.request.guard;

import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.failure.RequestFailed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What a header section says about going on in HTTP/2 in the clear (RFC 7540 3.2, which clients follow to this day). */
final class UpgradeToHttp2 {
    private static final int SETTING_OCTETS = 6;

    private int at;
    private int upgrades;
    private int connections;
    private int settings;
    private boolean named;
    private boolean understood;

    void clear() {
        at = -1;
        upgrades = 0;
        connections = 0;
        settings = 0;
        named = false;
        understood = false;
    }

    /** Where {@code h2c} stands, -1 where it does not. */
    int at() {
        return at;
    }

    /** Whether everything is there that must be, once. */
    boolean wellFormed() {
        return upgrades == 1 && connections == 1 && settings == 1 && named && understood;
    }

    void upgrade(byte[] in, int from, int end) {
        upgrades++;
        if (Octets.same(in, from, end, "h2c")) {
            if (at >= 0) {
                throw new RequestFailed(Failure.BAD_REQUEST);
            }
            at = from;
        }
    }

    void connection(byte[] in, int from, int end) {
        connections++;
        if (end - from > "http2-settings".length()) { // else it cannot name both
            Set<String> options = Arrays.stream(text(in, from, end).split(",", -1))
                    .map(option -> option.strip().toLowerCase(Locale.ROOT))
                    .collect(Collectors.toSet());
            named = options.contains("upgrade") && options.contains("http2-settings");
        }
    }

    void settings(byte[] in, int from, int end) {
        settings++;
        try {
            understood = valid(ByteBuffer.wrap(Base64.getUrlDecoder().decode(text(in, from, end))));
        } catch (IllegalArgumentException e) {
            understood = false; // no base64url
        }
    }

    /** RFC 9113 6.5.2. */
    private static boolean valid(ByteBuffer payload) {
        if (payload.remaining() % SETTING_OCTETS != 0) {
            return false;
        }
        while (payload.hasRemaining()) {
            int id = payload.getShort();
            long value = payload.getInt() & 0xffffffffL;
            boolean holds =
                    switch (id) {
                        case 2 -> value <= 1;
                        case 4 -> value <= Integer.MAX_VALUE;
                        case 5 -> value >= 1 << 14 && value < 1 << 24;
                        default -> true;
                    };
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] in, int from, int end) {
        return new String(in, from, end - from, StandardCharsets.ISO_8859_1);
    }
}
