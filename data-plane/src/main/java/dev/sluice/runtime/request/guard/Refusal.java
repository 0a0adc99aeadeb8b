package dev.sluice.runtime.request.guard;

import java.util.Locale;

/** Why a connection is closed as it comes. */
enum Refusal {
    /** More are open than may be. */
    TOO_MANY,
    /** More are open from its address than may be. */
    TOO_MANY_FROM_ADDRESS,
    /** It would speak for others by the PROXY protocol, and is no trusted proxy. */
    UNTRUSTED_PROXY;

    /** As metrics have it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
