package dev.sluice.runtime.request;

import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Names of requests: random UUIDs (RFC 9562, version 4), unique but no secret. Owned by one event loop. */
final class RequestIds {
    private static final int LONGEST = 128;

    private final SplittableRandom random =
            new SplittableRandom(UUID.randomUUID().getMostSignificantBits());

    /** The client's own id where it is short and harmless, else a new one. */
    String of(@Nullable String sent) {
        return sent != null && harmless(sent) ? sent : next();
    }

    private String next() {
        long high = (random.nextLong() & 0xffffffffffff0fffL) | 0x4000L;
        long low = (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low).toString();
    }

    private static boolean harmless(String id) {
        if (id.isEmpty() || id.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean wordLike = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!wordLike && "-_.~:/+=@".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
