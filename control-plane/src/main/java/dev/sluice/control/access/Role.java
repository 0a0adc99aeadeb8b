package dev.sluice.control.access;

import java.util.Locale;

/** What somebody may do; each role may do what those before it may. */
public enum Role {
    VIEWER,
    DEVELOPER,
    OPERATOR,
    ADMIN;

    /** As contract and database write it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when there is no such role */
    public static Role of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }

    static Role lesser(Role one, Role other) {
        return one.includes(other) ? other : one;
    }
}
