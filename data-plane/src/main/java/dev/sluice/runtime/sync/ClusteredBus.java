package dev.sluice.runtime.sync;

import com.hazelcast.config.Config;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.YamlConfigBuilder;
import com.hazelcast.core.HazelcastInstance;
import dev.sluice.model.settings.ClusterSettings;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.trust.BusIdentity;
import dev.sluice.model.trust.Pem;
import dev.sluice.model.wire.RevisionAnnounced;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One clustered Vert.x instance from joining to leaving: a full member, listening for announcements, over mutual TLS
 * alone.
 */
final class ClusteredBus {
    private static final String CONFIG = "/dev/sluice/model/cluster/hazelcast.yaml";
    private static final int PING_MS = 3_000;
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

    private final ClusterSettings settings;
    private final BusIdentity identity;
    private final HazelcastClusterManager members;
    private @Nullable Future<Vertx> joined;
    private boolean closing;

    ClusteredBus(ClusterSettings settings, BusIdentity identity) {
        this.settings = settings;
        this.identity = identity;
        this.members = new HazelcastClusterManager();
    }

    /**
     * Joins, which takes seconds, on a thread of its own, and listens.
     *
     * @param received gets the body of every message on {@link RevisionAnnounced#ADDRESS}, on a thread of this instance
     */
    Future<Void> join(Consumer<@Nullable Object> received) {
        Promise<Void> listening = Promise.promise();
        inBackground("sluice-bus-join", () -> {
            try {
                open().compose(vertx -> listen(vertx, received)).onComplete(listening);
            } catch (IOException | RuntimeException e) {
                listening.fail(e);
            }
        });
        return listening.future();
    }

    private synchronized Future<Vertx> open() throws IOException {
        if (closing) {
            return Future.failedFuture("Left before it had joined");
        }
        HostPort busBind = chosen(settings.busBind());
        members.setConfig(memberConfig());
        Future<Vertx> instance = Vertx.builder()
                .with(options(busBind))
                .withClusterManager(members)
                .buildClustered();
        joined = instance;
        return instance;
    }

    private Future<Void> listen(Vertx vertx, Consumer<@Nullable Object> received) {
        if (isClosing()) {
            return vertx.close().compose(done -> Future.failedFuture("Left before it had joined"));
        }
        MessageConsumer<Object> consumer =
                vertx.eventBus().consumer(RevisionAnnounced.ADDRESS, message -> received.accept(message.body()));
        return consumer.completion();
    }

    /** Leaves; may take as long as the others let it. An instance that has not joined yet leaves once it has. */
    synchronized Future<Void> close() {
        closing = true;
        Future<Vertx> instance = joined;
        if (instance == null || instance.failed() || !instance.isComplete()) {
            return Future.succeededFuture();
        }
        return instance.result().close();
    }

    /** Ends the member without telling the others; returns at once. */
    void abandon() {
        HazelcastInstance member = members.getHazelcastInstance();
        if (member != null) {
            inBackground(
                    "sluice-bus-abandon", () -> member.getLifecycleService().terminate());
        }
    }

    /** Not on an event loop: it would hold up the control loop, and Vert.x instances do not nest. */
    private static void inBackground(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized boolean isClosing() {
        return closing;
    }

    /**
     * The instance makes both its server and its client of these options, and asks for no host name: every certificate of
     * the bus's authority is a peer. Key and trust must be PEM by value: what Vert.x cannot write as JSON it does not
     * hand on, and says nothing.
     */
    private VertxOptions options(HostPort bind) {
        HostPort advertise = settings.busAdvertise();
        EventBusOptions bus = new EventBusOptions()
                .setSsl(true)
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addKeyValue(pem(identity.privateKey()))
                        .addCertValue(pem(identity.certificates())))
                .setTrustOptions(new PemTrustOptions().addCertValue(pem(identity.authorities())))
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setHost(bind.host())
                .setPort(bind.port())
                .setClusterPublicHost(advertise.host())
                .setClusterPublicPort(advertise.port() == 0 ? bind.port() : advertise.port())
                .setClusterPingInterval(PING_MS)
                .setClusterPingReplyInterval(PING_MS);
        return new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(4)
                .setEventBusOptions(bus);
    }

    private static Buffer pem(String text) {
        return Buffer.buffer(Pem.bytes(text));
    }

    Config memberConfig() throws IOException {
        Config config;
        try (InputStream yaml = ClusteredBus.class.getResourceAsStream(CONFIG)) {
            if (yaml == null) {
                throw new IllegalStateException("Missing resource " + CONFIG);
            }
            config = new YamlConfigBuilder(yaml).build();
        }
        HostPort bind = chosen(settings.memberBind());
        HostPort advertise = settings.memberAdvertise();
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(bind.port());
        network.setPublicAddress(
                new HostPort(advertise.host(), advertise.port() == 0 ? bind.port() : advertise.port()).toString());
        InetAddress address = InetAddress.getByName(bind.host());
        if (!address.isAnyLocalAddress()) {
            network.getInterfaces().setEnabled(true).addInterface(address.getHostAddress());
            config.setProperty("hazelcast.socket.bind.any", "false");
        }
        settings.members().forEach(member -> network.getJoin().getTcpIpConfig().addMember(member.toString()));
        return config;
    }

    /** The address with a port that is free now, where none is set. */
    private static HostPort chosen(HostPort bind) throws IOException {
        if (bind.port() != 0) {
            return bind;
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(bind.host()))) {
            return new HostPort(bind.host(), free.getLocalPort());
        }
    }
}
