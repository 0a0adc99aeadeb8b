package dev.sluice.control.cluster;

import static dev.sluice.control.publish.FleetHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.settings.ClusterSettings;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.trust.BusIdentity;
import dev.sluice.model.wire.RevisionAnnounced;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Members of clusters on this machine. */
final class Members {
    private Members() {}

    /** A member that listens for announcements, such as a runtime is. */
    record Listening(Vertx vertx, List<RevisionAnnounced> heard) {
        void close() {
            await(vertx.close());
        }
    }

    static Listening listening(HostPort other, BusIdentity identity) {
        return listening(other, MemberConfig.bus(settings(freePort(), 0, List.of()), identity));
    }

    /** @param bus may be anything: whoever reaches a member can be one */
    static Listening listening(HostPort other, EventBusOptions bus) {
        HazelcastClusterManager manager =
                new HazelcastClusterManager(MemberConfig.member(settings(freePort(), 0, List.of(other))));
        Vertx vertx = await(Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(1).setEventBusOptions(bus))
                .withClusterManager(manager)
                .buildClustered());
        List<RevisionAnnounced> heard = new CopyOnWriteArrayList<>();
        await(vertx.eventBus()
                .<Buffer>consumer(
                        RevisionAnnounced.ADDRESS,
                        message -> heard.add(WireJson.read(
                                RevisionAnnounced.class, message.body().getBytes())))
                .completion());
        return new Listening(vertx, heard);
    }

    /** Whatever is not told is on a free port of the loopback address. */
    static ClusterSettings settings(int memberPort, int busPort, List<HostPort> members) {
        HostPort member = new HostPort("127.0.0.1", memberPort);
        HostPort bus = new HostPort("127.0.0.1", busPort);
        return new ClusterSettings(member, member, bus, bus, members);
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static void until(Vertx vertx, String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("Never came: " + what).isLessThan(end);
            await(vertx.timer(50, TimeUnit.MILLISECONDS));
        }
    }
}
