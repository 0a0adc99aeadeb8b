package dev.sluice.model.routing;

import static dev.sluice.model.routing.Declared.get;
import static dev.sluice.model.routing.Declared.implementation;
import static dev.sluice.model.routing.Declared.match;
import static dev.sluice.model.routing.Declared.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Implementation;
import dev.sluice.model.config.Route;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RouteTableCompileTest {
    private static final UUID ID = new UUID(0, 7);

    @Test
    void aSnapshotBecomesATableAndUnknownKindsArePassedOver() {
        Implementation implementation = implementation("{'host':'mockbin.org','path':'/s'}");
        Route route = route("mockbin", "{'paths':['/mock']}");

        RouteTable table = RouteTable.compile(snapshot(
                Entity.of(EntityKinds.IMPLEMENTATION, implementation.id(), ConfigJson.bytes(implementation)),
                Entity.of(EntityKinds.ROUTE, route.id(), ConfigJson.bytes(route)),
                entity("plugin", "{'made':'later'}")));

        RouteMatch match = match(table, get("http://h/mock/request"));
        assertThat(table.routeCount()).isEqualTo(1);
        assertThat(table.routes()).containsExactly(match.target());
        assertThat(match.target().route()).isEqualTo(route);
        assertThat(match.target().implementation()).isEqualTo(implementation);
        assertThat(match.upstreamPath()).isEqualTo("/s/request");
    }

    @Test
    void everyFaultOfEveryRecordIsListedWithTheRecordsNameOrId() {
        Route nameless = ConfigJson.read(
                Route.class,
                ConfigJson.object(("{\"id\":\"" + ID + "\",\"version_id\":\"" + Declared.VERSION
                                + "\",\"created_at\":\"2026-01-01T00:00:00Z\"}")
                        .getBytes(StandardCharsets.UTF_8)));

        InvalidConfigurationException refused = refusal(() -> RouteTable.compile(
                List.of(implementation("{'port':0}")),
                List.of(
                        route("bad", "{'paths':['x','/'],'hosts':['*']}"),
                        nameless,
                        route("good", "{'paths':['/']}"))));

        assertThat(refused.violations())
                .extracting(Violation::field)
                .containsExactly(
                        "implementations[" + Declared.id("implementation") + "].port",
                        "routes[bad].hosts[0]",
                        "routes[bad].paths[0]",
                        "routes[" + ID + "]");
        assertThat(refused).hasMessageContaining("and 3 more");
    }

    @Test
    void bytesThatCannotBeReadAreFaultsToo() {
        InvalidConfigurationException refused = refusal(() -> RouteTable.compile(snapshot(
                entity(EntityKinds.ROUTE, "{'paths':'/not-a-list'}"), entity(EntityKinds.IMPLEMENTATION, "[]"))));

        assertThat(refused.violations())
                .extracting(Violation::field)
                .containsExactly("implementations[" + ID + "]", "routes[" + ID + "]");
        assertThat(refused.violations())
                .allSatisfy(fault -> assertThat(fault.message()).doesNotContain("\n"));
    }

    @Test
    void aRecordWithoutItsIdentityIsAFaultRatherThanACrash() {
        InvalidConfigurationException refused = refusal(() -> RouteTable.compile(snapshot(
                entity(EntityKinds.ROUTE, "{'paths':['/']}"), entity(EntityKinds.IMPLEMENTATION, "{'port':80}"))));

        assertThat(refused.violations()).hasSize(2).allSatisfy(fault -> assertThat(fault.message())
                .contains("id is required"));
    }

    @Test
    void aRecordWhoseIdIsNotItsEntitysIsAFault() {
        Route route = route("r", "{'paths':['/']}");

        InvalidConfigurationException refused =
                refusal(() -> RouteTable.compile(snapshot(Entity.of(EntityKinds.ROUTE, ID, ConfigJson.bytes(route)))));

        assertThat(refused.violations()).extracting(Violation::field).containsExactly("routes[" + ID + "]");
    }

    @Test
    void aVersionHasOneImplementationAtMost() {
        Implementation one = implementation("{}");

        InvalidConfigurationException refused = refusal(() -> RouteTable.compile(List.of(one, one), List.of()));

        assertThat(refused.violations()).extracting(Violation::code).containsExactly("conflict");
    }

    private static InvalidConfigurationException refusal(ThrowingCallable compile) {
        InvalidConfigurationException refused = catchThrowableOfType(InvalidConfigurationException.class, compile);
        assertThat(refused).isNotNull();
        return refused;
    }

    private static Snapshot snapshot(Entity... entities) {
        return Snapshot.of("default", new Revision(1, 1), List.of(entities));
    }

    private static Entity entity(String kind, String json) {
        return Entity.of(kind, ID, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
