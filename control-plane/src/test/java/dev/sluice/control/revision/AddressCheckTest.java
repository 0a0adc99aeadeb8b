package dev.sluice.control.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.control.revision.AddressCheck.UnknownNames;
import dev.sluice.model.net.Cidr;
import dev.sluice.model.net.Denial;
import dev.sluice.model.net.DeniedNetworks;
import dev.sluice.model.net.Resolver;
import dev.sluice.model.problem.InvalidConfigurationException;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AddressCheckTest {
    private final Vertx vertx = Vertx.vertx();
    private final UUID id = UUID.randomUUID();

    @AfterEach
    void closeVertx() {
        Declared.await(vertx.close());
    }

    @Test
    void namesAreAskedForOnceAllOfThemAndThenDecided() {
        AddressCheck check = check(
                host -> new InetAddress[] {InetAddress.getByName(host.startsWith("bad") ? "10.0.0.1" : "11.0.0.1")});
        List<StagedGroup.StagedEntity> written =
                List.of(implementation("bad.test"), implementation("good.test"), implementation("127.0.0.1"));

        assertThatThrownBy(() -> check.require(written, Set.of(), Map.of()))
                .isInstanceOfSatisfying(UnknownNames.class, unknown -> assertThat(unknown.names())
                        .containsExactly("bad.test", "good.test"));

        Map<String, Optional<Denial>> found = Declared.await(check.lookUp(Set.of("bad.test", "good.test")));
        assertThatThrownBy(() -> check.require(written, Set.of(), found))
                .isInstanceOfSatisfying(InvalidConfigurationException.class, invalid -> assertThat(invalid.violations())
                        .singleElement()
                        .satisfies(violation -> {
                            assertThat(violation.field()).isEqualTo("implementations[" + id + "].host");
                            assertThat(violation.code()).isEqualTo("denied_network");
                            assertThat(violation.message())
                                    .isEqualTo("'bad.test' means 10.0.0.1, in the denied network 10.0.0.0/8"
                                            + " (SLUICE_DENIED_NETWORKS); give another address, or take the network out"
                                            + " of SLUICE_DENIED_NETWORKS.");
                        }));
        check.require(List.of(implementation("good.test")), Set.of(), found);
    }

    @Test
    void aResolverThatDoesNotAnswerHoldsAWriteUpForABoundedTimeAlone() {
        CountDownLatch never = new CountDownLatch(1);
        AddressCheck check = check(host -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new InetAddress[0];
        });
        try {
            Map<String, Optional<Denial>> found = Declared.await(check.lookUp(Set.of("a.test", "b.test")));

            assertThat(found)
                    .containsOnly(Map.entry("a.test", Optional.empty()), Map.entry("b.test", Optional.empty()));
            check.require(List.of(implementation("a.test"), implementation("b.test")), Set.of(), found);
        } finally {
            never.countDown();
        }
    }

    private AddressCheck check(Resolver resolver) {
        return new AddressCheck(
                vertx, DeniedNetworks.and(List.of(Cidr.parse("10.0.0.0/8"))), resolver, Duration.ofMillis(200));
    }

    private StagedGroup.StagedEntity implementation(String host) {
        return Declared.implementation(id, UUID.randomUUID(), host);
    }
}
