package dev.sluice.model.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hosts that are addresses, however they are written. Besides dotted decimals and IPv6 (RFC 4291 2.2) resolvers take
 * what {@code inet_aton} takes: one to four numbers, decimal, octal or hexadecimal, the last one filling what is left;
 * and some read a leading zero as decimal where others read octal.
 */
public final class HostLiterals {
    private static final Pattern DOTTED =
            Pattern.compile("(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,12}");
    private static final Pattern OCTAL = Pattern.compile("0[0-7]{1,12}");
    private static final Pattern HEXADECIMAL = Pattern.compile("0[xX][0-9A-Fa-f]{0,12}");

    private HostLiterals() {}

    /** The address of a host in its usual form; null for everything else, also for the unusual forms. */
    public static @Nullable InetAddress usual(String host) {
        return DOTTED.matcher(host).matches() || host.indexOf(':') >= 0 ? parse(host) : null;
    }

    /** Every address that some resolver makes of this host without asking anybody; none for a name. */
    public static Set<InetAddress> readings(String host) {
        String bare = bare(host);
        Set<InetAddress> found = new LinkedHashSet<>();
        if (bare.indexOf(':') >= 0) {
            add(found, parse(bare));
            return found;
        }
        String[] parts = bare.split("\\.", -1);
        if (parts.length <= 4) {
            add(found, v4(parts, true));
            add(found, v4(parts, false));
        }
        return found;
    }

    /** Without brackets, zone and the dots at the end. */
    private static String bare(String host) {
        String text = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        int zone = text.indexOf('%');
        text = zone < 0 ? text : text.substring(0, zone);
        while (text.endsWith(".")) {
            text = text.substring(0, text.length() - 1);
        }
        return text;
    }

    private static void add(Set<InetAddress> found, @Nullable InetAddress address) {
        if (address != null) {
            found.add(address);
        }
    }

    private static @Nullable InetAddress v4(String[] parts, boolean zeroIsOctal) {
        long address = 0;
        for (int i = 0; i < parts.length; i++) {
            int bits = i == parts.length - 1 ? 8 * (5 - parts.length) : 8;
            long number = number(parts[i], zeroIsOctal);
            if (number < 0 || number >= 1L << bits) {
                return null;
            }
            address = (address << bits) | number;
        }
        return of(new byte[] {(byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address});
    }

    /** -1 for what is no number. */
    private static long number(String text, boolean zeroIsOctal) {
        if (HEXADECIMAL.matcher(text).matches()) {
            return text.length() == 2 ? 0 : Long.parseLong(text.substring(2), 16);
        }
        if (zeroIsOctal && OCTAL.matcher(text).matches()) {
            return Long.parseLong(text, 8);
        }
        return DECIMAL.matcher(text).matches() ? Long.parseLong(text) : -1;
    }

    private static @Nullable InetAddress parse(String literal) {
        if (literal.indexOf(':') >= 0 && !V6.matcher(literal).matches()) {
            return null;
        }
        try {
            // Brackets keep what is no literal from being looked up.
            return InetAddress.getByName(literal.indexOf(':') >= 0 ? "[" + literal + "]" : literal);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(bytes.length + " bytes are no IP address", e);
        }
    }
}
