package dev.sluice.model.net;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The networks that no upstream may be in: those that hand out a machine's credentials or mean no single host, always;
 * and those of a setting. Loopback and private networks are not among them unless a setting says so: a gateway is for
 * one's own machines. Immutable; any number of threads may ask at once.
 */
public final class DeniedNetworks {
    private static final String METADATA = "cloud metadata";
    private static final List<Denied> ALWAYS = List.of(
            always("169.254.0.0/16", "link-local, " + METADATA),
            always("fe80::/10", "link-local"),
            always("fd00:ec2::/32", METADATA),
            always("100.100.100.200/32", METADATA),
            always("192.0.0.192/32", METADATA),
            always("168.63.129.16/32", METADATA),
            always("fd20:ce::254/128", METADATA),
            always("0.0.0.0/8", "this host"),
            always("::/128", "this host"),
            always("224.0.0.0/4", "multicast"),
            always("ff00::/8", "multicast"),
            always("255.255.255.255/32", "broadcast"));

    /** Those that are always denied, and no more. */
    public static final DeniedNetworks ALWAYS_DENIED = new DeniedNetworks(ALWAYS);

    private final List<Denied> networks;

    private DeniedNetworks(List<Denied> networks) {
        this.networks = List.copyOf(networks);
    }

    private record Denied(Cidr network, String reason, String lifted) {}

    /** Those that are always denied, and these. */
    public static DeniedNetworks and(List<Cidr> more) {
        List<Denied> all = new ArrayList<>(ALWAYS);
        for (Cidr network : more) {
            all.add(new Denied(network, "SLUICE_DENIED_NETWORKS", "or take the network out of SLUICE_DENIED_NETWORKS"));
        }
        return new DeniedNetworks(all);
    }

    /** Why this address must not be called, or null. An IPv4 address within an IPv6 address counts like itself. */
    public @Nullable Denial of(InetAddress address) {
        InetAddress within = EmbeddedIpv4.in(address);
        for (Denied denied : networks) {
            if (denied.network().contains(address)
                    || (within != null && denied.network().contains(within))) {
                return new Denial(address, denied.network(), denied.reason(), denied.lifted());
            }
        }
        return null;
    }

    /**
     * Why this host must not be called, as far as the host says so itself: it is an address, in whatever form some
     * resolver understands. Null for names.
     */
    public @Nullable Denial ofLiteral(String host) {
        for (InetAddress reading : HostLiterals.readings(host)) {
            Denial denial = of(reading);
            if (denial != null) {
                return denial;
            }
        }
        return null;
    }

    private static Denied always(String network, String reason) {
        return new Denied(Cidr.parse(network), reason, "");
    }
}
