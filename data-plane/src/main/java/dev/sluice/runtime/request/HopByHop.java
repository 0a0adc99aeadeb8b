package dev.sluice.runtime.request;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Headers that concern one connection alone (RFC 9110 7.6.1) and never go on to the next. */
final class HopByHop {
    private HopByHop() {}

    /** Whatever {@code Connection} says. {@code Proxy-Authenticate} goes on to clients and is not among them. */
    static boolean is(String name) {
        return switch (name.length()) {
            case 2 -> name.equalsIgnoreCase("te");
            case 7 -> name.equalsIgnoreCase("upgrade");
            case 10 -> name.equalsIgnoreCase("connection") || name.equalsIgnoreCase("keep-alive");
            case 14 -> name.equalsIgnoreCase("http2-settings");
            case 16 -> name.equalsIgnoreCase("proxy-connection");
            case 17 -> name.equalsIgnoreCase("transfer-encoding");
            default -> false;
        };
    }

    /**
     * As {@link #is}, or of those that {@code Connection} names.
     *
     * @param named as by {@link #named}
     */
    static boolean is(String name, List<String> named) {
        return is(name) || (!named.isEmpty() && named.contains(name.toLowerCase(Locale.ROOT)));
    }

    /**
     * The names in {@code Connection}, lower-case. Framing and Host cannot be named away. None where it says
     * {@code close} and nothing else, which Vert.x understands; in a list it does not.
     */
    static List<String> named(MultiMap headers) {
        String first = headers.get(HttpHeaders.CONNECTION);
        if (first == null || first.equalsIgnoreCase("keep-alive") || first.equalsIgnoreCase("close")) {
            if (first == null || headers.getAll(HttpHeaders.CONNECTION).size() == 1) {
                return List.of();
            }
        }
        List<String> names = new ArrayList<>();
        for (String value : headers.getAll(HttpHeaders.CONNECTION)) {
            for (String option : value.split(",", -1)) {
                String name = option.strip().toLowerCase(Locale.ROOT);
                if (!name.isEmpty() && !name.equals("content-length") && !name.equals("host")) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /** Takes those off a client's request that vertx-http-proxy would leave on. */
    static void remove(MultiMap headers) {
        for (String named : named(headers)) {
            headers.remove(named);
        }
        headers.remove("proxy-connection");
        headers.remove("proxy-authenticate");
        headers.remove("http2-settings");
    }

    /** Whether TE accepts trailers: the only thing that it may say beyond one connection. */
    static boolean acceptsTrailers(MultiMap headers) {
        for (String value : headers.getAll("te")) {
            for (String coding : value.split(",", -1)) {
                if (coding.strip().equalsIgnoreCase("trailers")) {
                    return true;
                }
            }
        }
        return false;
    }
}
