package dev.sluice.runtime.request;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a request is part of (W3C Trace Context): carried on as it came where it is valid, else begun where
 * tracing is on. A gateway that reports no spans of its own leaves its caller's to be the parent.
 *
 * @param parent value of {@code traceparent}
 * @param begun whether it begins here: then there is nothing before it to be carried on
 */
record Trace(String parent, boolean begun) {
    private static final CharSequence TRACEPARENT = HttpHeaders.createOptimized("traceparent");
    private static final CharSequence TRACESTATE = HttpHeaders.createOptimized("tracestate");
    private static final int LENGTH = 55;
    private static final int TRACE_ID = 3;
    private static final int PARENT_ID = 36;
    private static final int FLAGS = 53;

    /** Makes the ids of traces that begin here; owned by one event loop. */
    static final class Beginning {
        private final SplittableRandom random =
                new SplittableRandom(UUID.randomUUID().getMostSignificantBits());

        /** Sampled, and its id is random: flags 03 (Trace Context level 2). */
        Trace begin() {
            return new Trace("00-" + hex(0) + hex(0) + "-" + hex(1) + "-03", true);
        }

        /** @param least 1 where all zeros would be invalid; two in a row are not zero in any lifetime */
        private String hex(int least) {
            long number = Math.max(least, random.nextLong() & Long.MAX_VALUE);
            String digits = Long.toHexString(number);
            return "0".repeat(16 - digits.length()) + digits;
        }
    }

    /**
     * @param beginning begins traces; null where tracing is off
     * @return null for a request without a valid trace, where none is begun
     */
    static @Nullable Trace of(MultiMap headers, @Nullable Beginning beginning) {
        String sent = headers.get(TRACEPARENT);
        if (sent != null) {
            List<String> all = headers.getAll(TRACEPARENT);
            if (all.size() == 1 && valid(sent)) {
                return new Trace(sent, false);
            }
        }
        return beginning == null ? null : beginning.begin();
    }

    /** Puts it into what goes upstream, in the place of whatever the client sent that is not valid. */
    static void write(@Nullable Trace trace, MultiMap headers) {
        if (trace == null || trace.begun()) {
            headers.remove(TRACEPARENT);
            headers.remove(TRACESTATE);
        }
        if (trace != null && trace.begun()) {
            headers.set(TRACEPARENT, trace.parent());
        }
    }

    /** 32 hexadecimal digits. */
    String id() {
        return parent.substring(TRACE_ID, PARENT_ID - 1);
    }

    /** Section 3.2 of level 1: later versions may go on after what is known. */
    private static boolean valid(String sent) {
        if (sent.length() < LENGTH
                || (sent.length() > LENGTH && (sent.startsWith("00") || sent.charAt(LENGTH) != '-'))) {
            return false;
        }
        return sent.charAt(2) == '-'
                && sent.charAt(PARENT_ID - 1) == '-'
                && sent.charAt(FLAGS - 1) == '-'
                && hex(sent, 0, 2)
                && !sent.startsWith("ff")
                && hex(sent, TRACE_ID, PARENT_ID - 1)
                && !zero(sent, TRACE_ID, PARENT_ID - 1)
                && hex(sent, PARENT_ID, FLAGS - 1)
                && !zero(sent, PARENT_ID, FLAGS - 1)
                && hex(sent, FLAGS, LENGTH);
    }

    private static boolean hex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    private static boolean zero(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) != '0') {
                return false;
            }
        }
        return true;
    }
}
