package dev.sluice.model.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cluster member and the event bus of a process.
 *
 * @param memberBind address of the member
 * @param memberAdvertise address under which others reach the member
 * @param busBind address of the event bus
 * @param busAdvertise address under which others reach the event bus
 * @param members control planes' member addresses to join; a control plane's own may be among them
 */
public record ClusterSettings(
        HostPort memberBind,
        HostPort memberAdvertise,
        HostPort busBind,
        HostPort busAdvertise,
        List<HostPort> members) {
    public ClusterSettings {
        members = List.copyOf(members);
    }

    /**
     * Reads them, or null when the cluster is switched off.
     *
     * @param member where the member binds unless it is told
     * @param bus where the event bus binds unless it is told
     */
    public static @Nullable ClusterSettings read(SettingsReader reader, HostPort member, HostPort bus) {
        HostPort memberBind = reader.address(Setting.CLUSTER_BIND, member);
        HostPort busBind = reader.address(Setting.BUS_BIND, bus);
        ClusterSettings settings = new ClusterSettings(
                memberBind,
                reader.address(Setting.CLUSTER_ADVERTISE, memberBind),
                busBind,
                reader.address(Setting.BUS_ADVERTISE, busBind),
                reader.list(Setting.CLUSTER_MEMBERS, HostPort::parse));
        return reader.onOff(Setting.CLUSTER) ? settings : null;
    }
}
