package dev.sluice.control.trust;

import dev.sluice.model.settings.HostPort;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jspecify.annotations.Nullable;

/** By which names and addresses runtimes may call a control plane. */
final class ServerNames {
    private static final Set<String> ANY = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private ServerNames() {}

    /** @param given by the settings; the others count where there are none */
    static List<GeneralName> of(List<String> given, HostPort bind, @Nullable HostPort advertise) {
        Set<String> names = new LinkedHashSet<>(given);
        if (given.isEmpty()) {
            names.addAll(List.of("localhost", "127.0.0.1", "::1"));
            names.add(hostName());
            if (ANY.contains(bind.host())) {
                names.addAll(addresses());
            } else {
                names.add(bind.host());
            }
        }
        if (advertise != null) {
            names.add(advertise.host());
        }
        return names.stream().map(ServerNames::name).toList();
    }

    /** Where runtimes are told to call: a wildcard address is nowhere. */
    static HostPort advertised(HostPort bound, @Nullable HostPort advertise) {
        if (advertise != null) {
            return new HostPort(advertise.host(), advertise.port() == 0 ? bound.port() : advertise.port());
        }
        return ANY.contains(bound.host()) ? new HostPort(hostName(), bound.port()) : bound;
    }

    private static GeneralName name(String name) {
        boolean address = name.indexOf(':') >= 0 || IPV4.matcher(name).matches();
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private static Set<String> addresses() {
        Set<String> found = new LinkedHashSet<>();
        try {
            for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                network.getInetAddresses()
                        .asIterator()
                        .forEachRemaining(
                                address -> found.add(address.getHostAddress().split("%", 2)[0]));
            }
        } catch (SocketException e) {
            return found; // what is known is enough, and settings can name the rest
        }
        return found;
    }
}
