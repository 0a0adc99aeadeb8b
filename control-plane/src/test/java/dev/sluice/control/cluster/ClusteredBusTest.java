package dev.sluice.control.cluster;

import static dev.sluice.control.publish.FleetHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.JavaSerializationFilterConfig;
import dev.sluice.model.settings.ClusterSettings;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.wire.RevisionAnnounced;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two real members in this JVM: a control plane's bus, and a listener such as a runtime has. */
class ClusteredBusTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        await(vertx.close());
    }

    private void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("Never came: " + what).isLessThan(end);
            await(vertx.timer(50, TimeUnit.MILLISECONDS));
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ClusterSettings settings(int port, List<HostPort> members) {
        HostPort bind = new HostPort("127.0.0.1", port);
        HostPort bus = new HostPort("127.0.0.1", 0);
        return new ClusterSettings(bind, bind, bus, bus, members);
    }

    @Test
    void aMemberDeserializesWhatMembersSendAndNothingElse() {
        JavaSerializationFilterConfig filter = MemberConfig.member(settings(0, List.of()))
                .getSerializationConfig()
                .getJavaSerializationFilterConfig();

        assertThat(filter).isNotNull();
        assertThat(filter.getWhitelist().getPrefixes()).contains("io.vertx.spi.cluster.hazelcast.");
        assertThat(filter.getWhitelist().isListed("org.example.Gadget")).isFalse();
    }

    @Test
    void anAnnouncementReachesAnotherMember() {
        int port = freePort();
        ClusteredBus bus = new ClusteredBus(vertx, settings(port, List.of()));
        assertThat(bus.members()).isZero();
        bus.announce(new RevisionAnnounced("nobody", 1, 1)); // before it has joined: dropped
        bus.start();
        await(bus.firstJoin());
        ClusterSettings listening = settings(0, List.of(new HostPort("127.0.0.1", port)));
        Vertx listener = await(Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(MemberConfig.bus(listening)))
                .withClusterManager(new HazelcastClusterManager(MemberConfig.member(listening)))
                .buildClustered());
        List<RevisionAnnounced> heard = new CopyOnWriteArrayList<>();
        await(listener.eventBus()
                .<Buffer>consumer(
                        RevisionAnnounced.ADDRESS,
                        message -> heard.add(WireJson.read(
                                RevisionAnnounced.class, message.body().getBytes())))
                .completion());

        until("two members", () -> bus.members() == 2);
        RevisionAnnounced announcement = new RevisionAnnounced("default", 1, 7);
        until("the announcement", () -> {
            bus.announce(announcement);
            return heard.contains(announcement);
        });

        await(listener.close());
        until("one member", () -> bus.members() == 1);
        await(bus.close());
        assertThat(bus.members()).isZero();
    }

    @Test
    void aBusThatCannotJoinIsBuiltOnceItCan() throws IOException {
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ClusteredBus bus = new ClusteredBus(vertx, settings(taken.getLocalPort(), List.of()));
        bus.start();
        bus.announce(new RevisionAnnounced("default", 1, 1));
        until("a failed try", () -> bus.failures() > 0);

        taken.close();

        await(bus.firstJoin());
        assertThat(bus.members()).isEqualTo(1);
        await(bus.close());
    }

    @Test
    void aBusThatRunsOnAnEventLoopIsLeftInTime() {
        ClusteredBus bus = new ClusteredBus(vertx, settings(freePort(), List.of()));
        Promise<Void> left = Promise.promise();
        vertx.runOnContext(v -> {
            bus.start();
            bus.firstJoin().compose(joined -> bus.close()).onComplete(left);
        });

        await(left.future().timeout(20, TimeUnit.SECONDS));

        assertThat(bus.members()).isZero();
    }
}
