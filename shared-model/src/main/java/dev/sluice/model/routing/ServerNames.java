package dev.sluice.model.routing;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to the server names that clients ask for in TLS handshakes (RFC 6066 section 3), found as Kong finds it: by
 * the name itself, then with {@code *} for its leftmost label, then for its rightmost, then under {@link #ANY}. A
 * {@code *} stands for one label, as it does in certificates (RFC 9525 section 6.3). Immutable.
 *
 * @param <T> what is found
 */
public final class ServerNames<T> {
    /** The name of what is found for any name, and for none. */
    public static final String ANY = "*";

    private final Map<String, T> byName;

    private ServerNames(Map<String, T> byName) {
        this.byName = byName;
    }

    /** @param byName by names in the form that {@link #canonical} gives */
    public static <T> ServerNames<T> of(Map<String, T> byName) {
        return new ServerNames<>(Map.copyOf(new HashMap<>(byName)));
    }

    /**
     * @param asked as the client sent it; null when it asked for none
     * @return null when there is nothing for this name
     */
    public @Nullable T find(@Nullable String asked) {
        if (asked == null) {
            return byName.get(ANY);
        }
        String name = withoutDot(asked).toLowerCase(Locale.ROOT);
        T found = byName.get(name);
        int first = name.indexOf('.');
        if (found == null && first > 0) {
            found = byName.get("*" + name.substring(first));
        }
        if (found == null && first > 0) {
            found = byName.get(name.substring(0, name.lastIndexOf('.') + 1) + "*");
        }
        return found == null ? byName.get(ANY) : found;
    }

    /**
     * A declared name as it is kept: lower case, no final dot.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    public static String canonical(String declared) {
        String name = withoutDot(declared).toLowerCase(Locale.ROOT);
        if (name.equals(ANY)) {
            return name;
        }
        String host = name;
        if (name.startsWith("*.")) {
            host = name.substring(2);
        } else if (name.endsWith(".*")) {
            host = name.substring(0, name.length() - 2);
        }
        if (host.indexOf('*') >= 0) {
            throw new IllegalArgumentException(
                    "A wildcard is one whole label, leftmost or rightmost, as in *.example.com or example.*; * alone is"
                            + " the default");
        }
        if (!HostNames.isNameOrIpv4(host) || HostNames.isIpv4(host)) {
            throw new IllegalArgumentException("Not a host name; addresses and ports are no server names");
        }
        return name;
    }

    private static String withoutDot(String name) {
        return name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
