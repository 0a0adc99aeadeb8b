package dev.sluice.runtime.sync;

import static dev.sluice.runtime.Eventually.eventually;
import static dev.sluice.runtime.sync.LoopUnderTest.NEVER_POLLING;
import static dev.sluice.runtime.sync.LoopUnderTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.YamlConfigBuilder;
import com.hazelcast.core.HazelcastInstance;
import dev.sluice.model.settings.ClusterSettings;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.trust.BusIdentity;
import dev.sluice.model.wire.RevisionAnnounced;
import dev.sluice.model.wire.WireJson;
import dev.sluice.runtime.Configurations;
import dev.sluice.runtime.ControlPlaneDouble;
import dev.sluice.runtime.sync.ControlLoop.Timing;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Announcements over a real clustered bus: they come, and when they stop coming the bus is built anew. */
class BusLinkTest {
    private static final Duration JOINING = Duration.ofSeconds(60);

    private final ControlPlaneDouble controlPlane = ControlPlaneDouble.started();
    private final BusAuthority authority = new BusAuthority();
    private final AtomicReference<@Nullable BusIdentity> identity = new AtomicReference<>(authority.identity());
    private int memberPort;
    private Vertx announcer = Vertx.vertx();

    @TempDir
    Path directory;

    @BeforeEach
    void joinFirst() throws IOException {
        memberPort = freePort();
        announcer.close().await();
        announcer = join(memberPort, authority.identity());
        controlPlane.serve(Configurations.mockbin(1, 5, 9000, 0));
    }

    @AfterEach
    void close() {
        announcer.close().await();
        controlPlane.close();
    }

    @Test
    void aMemberDeserializesWhatMembersSendAndNothingElse() throws IOException {
        HostPort local = new HostPort("127.0.0.1", 0);
        JavaSerializationFilterConfig filter = new ClusteredBus(
                        new ClusterSettings(local, local, local, local, List.of()), authority.identity())
                .memberConfig()
                .getSerializationConfig()
                .getJavaSerializationFilterConfig();

        assertThat(filter).isNotNull();
        assertThat(filter.isDefaultsDisabled()).isTrue();
        assertThat(filter.getWhitelist().getPrefixes()).isEmpty();
        assertThat(filter.getWhitelist().isListed("java.lang.IllegalStateException"))
                .isTrue();
        assertThat(filter.getWhitelist().isListed("org.example.Gadget")).isFalse();
    }

    @Test
    void anAnnouncementAloneBringsTheNextRevision() {
        try (LoopUnderTest runtime = start()) {
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(5));
            awaitBus(runtime);
            controlPlane.reports(ControlPlaneDouble.Reports.REFUSED); // so no answer names the head
            eventually(() -> assertThat(runtime.status().connected()).isFalse());
            controlPlane.serve(Configurations.mockbin(1, 6, 9000, 0));
            announce(Configurations.GROUP, 1, 6);
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(6));
            runtime.stopInOrder();
        }
    }

    @Test
    void whatIsNoNewsIsPassedOver() {
        try (LoopUnderTest runtime = start()) {
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(5));
            awaitBus(runtime);
            int fetches = controlPlane.fetches();
            announce("other", 1, 900);
            announce(Configurations.GROUP, 1, 4);
            announce(Configurations.GROUP, 0, -7);
            announcer.eventBus().publish(RevisionAnnounced.ADDRESS, Buffer.buffer("{}{"));
            announcer.eventBus().publish(RevisionAnnounced.ADDRESS, 17);
            controlPlane.serve(Configurations.mockbin(1, 6, 9000, 0));
            announce(Configurations.GROUP, 1, 6); // comes after them
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(6));
            assertThat(controlPlane.fetches()).isEqualTo(fetches + 1);
        }
    }

    @Test
    void silenceOnTheBusWhileTheControlPlaneAnswersMakesItJoinAnew() {
        try (LoopUnderTest runtime = start()) {
            awaitBus(runtime);
            String firstMember = onlyOtherMember();
            eventually(() -> assertThat(runtime.status().bus()).isFalse()); // nobody announces
            eventually(JOINING, () -> assertThat(onlyOtherMember()).isNotEqualTo(firstMember));
            awaitBus(runtime);
            assertThat(runtime.servedRevision()).isEqualTo(5);
        }
    }

    @Test
    void aRuntimeThatIsNobodyOnTheBusPollsUntilItIsSomebody() {
        identity.set(null);
        try (LoopUnderTest runtime = start(SOON)) {
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(5));
            controlPlane.serve(Configurations.mockbin(1, 6, 9000, 0));
            eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(6));
            assertThat(manager.getNodes()).hasSize(1);

            identity.set(authority.identity());

            awaitBus(runtime);
        }
    }

    @Test
    void aRenewedIdentityMakesItJoinAnewAndItHearsOnlyThoseOfTheNewAuthority() {
        try (LoopUnderTest runtime = start()) {
            awaitBus(runtime);
            String firstMember = onlyOtherMember();
            identity.set(new BusAuthority().identity());

            runtime.busIdentityChanged();

            eventually(JOINING, () -> assertThat(onlyOtherMember()).isNotEqualTo(firstMember));
            eventually(() -> {
                announce(Configurations.GROUP, 1, 5); // by the former authority
                assertThat(runtime.status().bus()).isFalse();
            });
            identity.set(authority.identity());
            runtime.busIdentityChanged();
            awaitBus(runtime);
        }
    }

    @Test
    void aRogueMemberCanSilenceAnnouncementsButConfigurationComesWithinAPoll() throws IOException {
        try (LoopUnderTest runtime = start(SOON)) {
            awaitBus(runtime);
            HazelcastClusterManager good = manager;
            Vertx rogue = join(freePort(), null);
            HazelcastInstance member = manager.getHazelcastInstance();
            for (int revision = 6; revision < 12; revision++) {
                member.getMultiMap("__vertx.subs").clear();
                member.getMap("__vertx.nodeInfo").clear();
                rogue.eventBus()
                        .publish(
                                RevisionAnnounced.ADDRESS,
                                Buffer.buffer(
                                        WireJson.bytes(new RevisionAnnounced(Configurations.GROUP, 99, 1_000_000))));
                controlPlane.serve(Configurations.mockbin(1, revision, 9000, 0));
                int next = revision;
                eventually(() -> assertThat(runtime.servedRevision()).isEqualTo(next));
            }
            eventually(() -> assertThat(runtime.status().head()).isEqualTo(new Revision(1, 11)));
            rogue.close().await();
            manager = good;
        }
    }

    private LoopUnderTest start() {
        return start(NEVER_POLLING);
    }

    private LoopUnderTest start(Timing timing) {
        HostPort anyPort = new HostPort("127.0.0.1", 0);
        ClusterSettings cluster =
                new ClusterSettings(anyPort, anyPort, anyPort, anyPort, List.of(new HostPort("127.0.0.1", memberPort)));
        return LoopUnderTest.start(
                LoopUnderTest.settings(directory, null, cluster, controlPlane), timing, identity::get);
    }

    /** Announces what is served, as control planes do over and over, until the runtime heard it. */
    private void awaitBus(LoopUnderTest runtime) {
        eventually(JOINING, () -> {
            announce(Configurations.GROUP, 1, 5);
            assertThat(runtime.status().bus()).isTrue();
        });
    }

    private void announce(String group, long epoch, long revision) {
        announcer
                .eventBus()
                .publish(
                        RevisionAnnounced.ADDRESS,
                        Buffer.buffer(WireJson.bytes(new RevisionAnnounced(group, epoch, revision))));
    }

    private String onlyOtherMember() {
        List<String> others = manager.getNodes().stream()
                .filter(node -> !node.equals(manager.getNodeId()))
                .toList();
        assertThat(others).hasSize(1);
        return others.get(0);
    }

    private HazelcastClusterManager manager = new HazelcastClusterManager();

    /** @param self null for a member whose bus speaks clear text */
    private Vertx join(int port, @Nullable BusIdentity self) throws IOException {
        try (InputStream yaml = BusLinkTest.class.getResourceAsStream("/dev/sluice/model/cluster/hazelcast.yaml")) {
            assertThat(yaml).isNotNull();
            Config config = new YamlConfigBuilder(yaml).build();
            config.setProperty("hazelcast.socket.bind.any", "false");
            config.getNetworkConfig().setPort(port).setPublicAddress("127.0.0.1:" + port);
            config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
            config.getNetworkConfig().getJoin().getTcpIpConfig().addMember("127.0.0.1:" + memberPort);
            manager = new HazelcastClusterManager(config);
        }
        EventBusOptions bus = new EventBusOptions().setHost("127.0.0.1").setPort(freePort());
        if (self != null) {
            bus.setSsl(true)
                    .setClientAuth(ClientAuth.REQUIRED)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .addKeyValue(Buffer.buffer(self.privateKey()))
                            .addCertValue(Buffer.buffer(self.certificates())))
                    .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(self.authorities())));
        }
        return Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(bus))
                .withClusterManager(manager)
                .buildClustered()
                .await();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
