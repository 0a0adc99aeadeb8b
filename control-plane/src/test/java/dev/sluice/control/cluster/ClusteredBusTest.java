package dev.sluice.control.cluster;

import static dev.sluice.control.cluster.Members.freePort;
import static dev.sluice.control.cluster.Members.settings;
import static dev.sluice.control.publish.FleetHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.cluster.Members.Listening;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.trust.BusIdentity;
import dev.sluice.model.wire.RevisionAnnounced;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two real members in this JVM: a control plane's bus, and a listener such as a runtime has. */
class ClusteredBusTest {
    private final Vertx vertx = Vertx.vertx();
    private final BusAuthority authority = new BusAuthority();

    @AfterEach
    void close() {
        await(vertx.close());
    }

    private void until(String what, BooleanSupplier condition) {
        Members.until(vertx, what, condition);
    }

    @Test
    void anAnnouncementReachesAnotherMember() {
        int port = freePort();
        ClusteredBus bus = new ClusteredBus(vertx, settings(port, 0, List.of()), authority::identity);
        assertThat(bus.members()).isZero();
        bus.announce(new RevisionAnnounced("nobody", 1, 1)); // before it has joined: dropped
        bus.start();
        await(bus.firstJoin());
        Listening listener = Members.listening(new HostPort("127.0.0.1", port), authority.identity());

        until("two members", () -> bus.members() == 2);
        RevisionAnnounced announcement = new RevisionAnnounced("default", 1, 7);
        until("the announcement", () -> {
            bus.announce(announcement);
            return listener.heard().contains(announcement);
        });

        listener.close();
        until("one member", () -> bus.members() == 1);
        await(bus.close());
        assertThat(bus.members()).isZero();
    }

    @Test
    void aBusThatCannotJoinIsBuiltOnceItCan() throws IOException {
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ClusteredBus bus = new ClusteredBus(vertx, settings(taken.getLocalPort(), 0, List.of()), authority::identity);
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
        ClusteredBus bus = new ClusteredBus(vertx, settings(freePort(), 0, List.of()), authority::identity);
        Promise<Void> left = Promise.promise();
        vertx.runOnContext(v -> {
            bus.start();
            bus.firstJoin().compose(joined -> bus.close()).onComplete(left);
        });

        await(left.future().timeout(20, TimeUnit.SECONDS));

        assertThat(bus.members()).isZero();
    }

    @Test
    void withoutAnIdentityNoPortIsOpenedAndWithOneItIs() {
        int busPort = freePort();
        AtomicReference<BusIdentity> identity = new AtomicReference<>();
        ClusteredBus bus = new ClusteredBus(vertx, settings(freePort(), busPort, List.of()), identity::get);
        bus.start();
        await(vertx.timer(1500, TimeUnit.MILLISECONDS)); // longer than it takes to look for one again
        assertThat(bus.members()).isZero();
        assertThat(isOpen(busPort)).isFalse();

        identity.set(authority.identity());

        await(bus.firstJoin());
        assertThat(isOpen(busPort)).isTrue();
        await(bus.close());
    }

    @Test
    void aRenewedIdentityIsUsedOnTheSamePortsAndTheFormerOneIsNot() {
        int port = freePort();
        AtomicReference<BusIdentity> identity = new AtomicReference<>(authority.identity());
        ClusteredBus bus = new ClusteredBus(vertx, settings(port, freePort(), List.of()), identity::get);
        bus.start();
        await(bus.firstJoin());
        BusAuthority next = new BusAuthority();
        identity.set(next.identity());

        bus.renew();

        Listening listener = Members.listening(new HostPort("127.0.0.1", port), next.identity());
        RevisionAnnounced announcement = new RevisionAnnounced("default", 1, 7);
        until("an announcement under the next authority", () -> {
            bus.announce(announcement);
            return listener.heard().contains(announcement);
        });
        listener.close();
        await(bus.close());
    }

    private boolean isOpen(int port) {
        return await(vertx.createNetClient()
                .connect(port, "127.0.0.1")
                .compose(socket -> socket.close().map(true))
                .otherwise(false));
    }
}
