package dev.sluice.model.routing;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** The syntax of host names and IP addresses (RFC 1123, RFC 3986); an underscore is let through, as DNS does. */
final class HostNames {
    private static final Pattern NAME = Pattern.compile(
            "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\\.?");
    private static final Pattern LAST_LABEL_IS_NUMBER = Pattern.compile("(.*\\.)?[0-9]+\\.?");
    private static final Pattern IPV4 =
            Pattern.compile("(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}");
    private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final int LONGEST = 253;

    private HostNames() {}

    /** A name or an IPv4 address. */
    static boolean isNameOrIpv4(String text) {
        if (text.length() > LONGEST || !NAME.matcher(text).matches()) {
            return false;
        }
        return !LAST_LABEL_IS_NUMBER.matcher(text).matches()
                || IPV4.matcher(text).matches();
    }

    static boolean isIpv4(String text) {
        return IPV4.matcher(text).matches();
    }

    /** An IPv6 address without brackets. */
    static boolean isIpv6(String text) {
        if (!IPV6_CHARACTERS.matcher(text).matches()) {
            return false;
        }
        try {
            InetAddress parsed = InetAddress.getByName("[" + text + "]"); // a literal in brackets is never looked up
            return parsed.getAddress().length > 0;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
