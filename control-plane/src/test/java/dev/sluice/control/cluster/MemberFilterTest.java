package dev.sluice.control.cluster;

import static dev.sluice.control.cluster.Members.freePort;
import static dev.sluice.control.cluster.Members.settings;
import static dev.sluice.control.publish.FleetHarness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.json.JsonObject;
import com.hazelcast.spi.exception.RetryableHazelcastException;
import com.hazelcast.spi.exception.TargetNotMemberException;
import dev.sluice.control.cluster.Members.Listening;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.wire.RevisionAnnounced;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hazelcast asks nobody who he is, so what a member sends may be anything: of Java serialization a member takes the
 * exceptions that members answer with, and nothing else; and with that a cluster works.
 */
class MemberFilterTest {
    private static final AtomicBoolean RUN = new AtomicBoolean();

    private final Vertx vertx = Vertx.vertx();
    private final int port = freePort();

    @AfterEach
    void end() {
        Hazelcast.shutdownAll();
        await(vertx.close());
    }

    /** Does something as soon as it is deserialized. */
    private static final class Gadget implements Comparator<String>, Callable<String>, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public int compare(String one, String other) {
            RUN.set(true);
            return one.compareTo(other);
        }

        @Override
        public String call() {
            RUN.set(true);
            return "owned";
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            RUN.set(true);
        }
    }

    static List<Object> whatNobodyNeeds() {
        PriorityQueue<String> queue = new PriorityQueue<>(new Gadget());
        queue.addAll(List.of("b", "a"));
        return List.of(
                new Gadget(),
                queue,
                new TreeSet<>(new Gadget()),
                new BitSet(),
                new AtomicBoolean(),
                new JsonObject(),
                new Gadget[] {new Gadget()},
                new IllegalStateException(new GadgetException()));
    }

    private static final class GadgetException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @ParameterizedTest
    @MethodSource("whatNobodyNeeds")
    void whatNobodyNeedsIsRefused(Object gadget) {
        HazelcastInstance member = Hazelcast.newHazelcastInstance(MemberConfig.member(settings(port, 0, List.of())));
        rogue().getMap("any").set("key", gadget);
        RUN.set(false);

        assertThatThrownBy(() -> member.getMap("any").get("key"))
                .hasStackTraceContaining("java.lang.SecurityException: Resolving class");

        assertThat(RUN.get()).isFalse();
    }

    @Test
    void aTaskOfAStrangerIsNotRun() {
        HazelcastInstance member = Hazelcast.newHazelcastInstance(MemberConfig.member(settings(port, 0, List.of())));
        HazelcastInstance rogue = rogue();
        RUN.set(false);

        assertThatThrownBy(() -> rogue.getExecutorService("any")
                        .submitToMember(new Gadget(), member.getCluster().getLocalMember())
                        .get(20, TimeUnit.SECONDS))
                .isInstanceOfAny(ExecutionException.class, TimeoutException.class)
                .hasStackTraceContaining("Resolving class");

        assertThat(RUN.get()).isFalse();
    }

    @Test
    void theExceptionsThatMembersAnswerWithAreTaken() {
        HazelcastInstance member = Hazelcast.newHazelcastInstance(MemberConfig.member(settings(port, 0, List.of())));
        RetryableHazelcastException failure =
                new RetryableHazelcastException("busy", new IOException("why", new NullPointerException()));
        failure.addSuppressed(new TargetNotMemberException("gone"));
        rogue().getMap("any").set("key", failure);

        Throwable taken =
                (Throwable) Objects.requireNonNull(member.getMap("any").get("key"));

        assertThat(taken).hasMessage("busy").hasRootCauseInstanceOf(NullPointerException.class);
        assertThat(taken.getSuppressed()).hasSize(1);
        assertThat(taken.getStackTrace()).isNotEmpty();
    }

    @Test
    void everyNameOnTheListIsAnExceptionOrAPartOfOne() {
        JavaSerializationFilterConfig filter = MemberConfig.member(settings(0, 0, List.of()))
                .getSerializationConfig()
                .getJavaSerializationFilterConfig();
        assertThat(filter.isDefaultsDisabled()).isTrue();
        ClassFilter listed = filter.getWhitelist();
        assertThat(listed.getPrefixes()).isEmpty();
        assertThat(listed.getPackages()).isEmpty();

        Set<String> parts =
                listed.getClasses().stream().filter(name -> !isThrowable(name)).collect(Collectors.toSet());

        assertThat(parts)
                .containsExactlyInAnyOrder(
                        "java.lang.StackTraceElement",
                        "[Ljava.lang.StackTraceElement;",
                        "java.util.ArrayList",
                        "java.util.CollSer",
                        "java.util.Collections$EmptyList",
                        "java.util.Collections$UnmodifiableCollection",
                        "java.util.Collections$UnmodifiableList",
                        "java.util.Collections$UnmodifiableRandomAccessList");
    }

    @Test
    void threeMembersFormAClusterSurviveALossAndCarryAnnouncementsOnTwoPortsEach() {
        BusAuthority authority = new BusAuthority();
        int busPort = freePort();
        Set<Integer> before = ListeningPorts.ofThisProcess();
        ClusteredBus bus = new ClusteredBus(vertx, settings(port, busPort, List.of()), authority::identity);
        bus.start();
        await(bus.firstJoin());
        Set<Integer> opened = ListeningPorts.ofThisProcess();
        opened.removeAll(before);
        assertThat(opened).containsExactlyInAnyOrder(port, busPort);
        HostPort first = new HostPort("127.0.0.1", port);
        Listening second = Members.listening(first, authority.identity());
        Set<HazelcastInstance> two = Hazelcast.getAllHazelcastInstances();
        Listening third = Members.listening(first, authority.identity());
        Members.until(vertx, "three members", () -> bus.members() == 3);
        announced(bus, 1, second, third);

        HazelcastInstance lost = Hazelcast.getAllHazelcastInstances().stream()
                .filter(member -> !two.contains(member))
                .findAny()
                .orElseThrow();
        lost.getLifecycleService().terminate(); // tells nobody

        Members.until(vertx, "two members", () -> bus.members() == 2);
        announced(bus, 2, second);
        second.close();
        await(bus.close());
    }

    private void announced(ClusteredBus bus, long revision, Listening... listeners) {
        RevisionAnnounced announcement = new RevisionAnnounced("default", 1, revision);
        for (Listening listener : listeners) {
            Members.until(vertx, "announcement " + revision, () -> {
                bus.announce(announcement);
                return listener.heard().contains(announcement);
            });
        }
    }

    /** A member without a filter: he writes what he wants to. */
    private HazelcastInstance rogue() {
        Config config = MemberConfig.member(settings(freePort(), 0, List.of(new HostPort("127.0.0.1", port))));
        config.getSerializationConfig().setJavaSerializationFilterConfig(null);
        HazelcastInstance rogue = Hazelcast.newHazelcastInstance(config);
        Members.until(
                vertx, "two members", () -> rogue.getCluster().getMembers().size() == 2);
        return rogue;
    }

    private static boolean isThrowable(String name) {
        try {
            return !name.startsWith("[") && Throwable.class.isAssignableFrom(Class.forName(name));
        } catch (ClassNotFoundException e) {
            throw new AssertionError("There is no class of this name on the list: " + name, e);
        }
    }
}
