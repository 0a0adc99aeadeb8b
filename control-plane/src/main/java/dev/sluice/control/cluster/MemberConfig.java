package dev.sluice.control.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryYamlConfig;
import com.hazelcast.config.NetworkConfig;
import dev.sluice.model.settings.ClusterSettings;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.trust.BusIdentity;
import dev.sluice.model.trust.Pem;
import dev.sluice.model.wire.RevisionAnnounced;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** What the cluster member and the event bus are told: the shared form, and this process's addresses. */
final class MemberConfig {
    private static final String SHARED = "/dev/sluice/model/cluster/hazelcast.yaml";
    private static final long PING_MS = 3000;
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");
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

    /**
     * Mutual TLS 1.2 or 1.3, on connections that come in and on those to other nodes alike: the instance makes both its
     * server and its client of these options, and asks for no host name. So every certificate of the bus's authority is
     * a peer, whatever its names; that authority must certify for nothing else. Key and trust must be PEM by value: what
     * Vert.x cannot write as JSON it does not hand on, and says nothing.
     */
    static EventBusOptions bus(ClusterSettings settings, BusIdentity identity) {
        EventBusOptions options = new EventBusOptions()
                .setSsl(true)
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addKeyValue(pem(identity.privateKey()))
                        .addCertValue(pem(identity.certificates())))
                .setTrustOptions(new PemTrustOptions().addCertValue(pem(identity.authorities())))
                .setEnabledSecureTransportProtocols(PROTOCOLS)
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

    private static Buffer pem(String text) {
        return Buffer.buffer(Pem.bytes(text));
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
