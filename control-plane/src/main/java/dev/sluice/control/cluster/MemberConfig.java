package dev.sluice.control.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryYamlConfig;
import com.hazelcast.config.NetworkConfig;
import dev.sluice.model.settings.ClusterSettings;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.wire.RevisionAnnounced;
import io.vertx.core.eventbus.EventBusOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** What the cluster member and the event bus are told: the shared form, and this process's addresses. */
final class MemberConfig {
    private static final String SHARED = "/dev/sluice/model/cluster/hazelcast.yaml";
    private static final long PING_MS = 3000;
    private static final Set<String> ANY = Set.of("0.0.0.0", "::");

    private MemberConfig() {}

    static Config member(ClusterSettings settings) {
        Config config = shared();
        HostPort bind = settings.memberBind();
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(bind.port()).setPortAutoIncrement(false);
        if (!ANY.contains(bind.host())) {
            config.setProperty("hazelcast.socket.bind.any", "false");
            network.getInterfaces().setEnabled(true).addInterface(bind.host());
        }
        if (!settings.memberAdvertise().equals(bind)
                && settings.memberAdvertise().port() != 0) {
            network.setPublicAddress(settings.memberAdvertise().toString());
        }
        settings.members().forEach(member -> network.getJoin().getTcpIpConfig().addMember(member.toString()));
        return config;
    }

    static EventBusOptions bus(ClusterSettings settings) {
        EventBusOptions options = new EventBusOptions()
                .setHost(settings.busBind().host())
                .setPort(settings.busBind().port())
                .setClusterPingInterval(PING_MS)
                .setClusterPingReplyInterval(PING_MS);
        HostPort advertise = settings.busAdvertise();
        if (!advertise.equals(settings.busBind())) {
            options.setClusterPublicHost(advertise.host());
            if (advertise.port() != 0) {
                options.setClusterPublicPort(advertise.port());
            }
        }
        return options;
    }

    private static Config shared() {
        try (InputStream in = RevisionAnnounced.class.getResourceAsStream(SHARED)) {
            if (in == null) {
                throw new IllegalStateException("Missing resource " + SHARED);
            }
            return new InMemoryYamlConfig(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
