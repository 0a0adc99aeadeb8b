package dev.sluice.control.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.control.ControlPlaneSettings;
import dev.sluice.control.audit.AuditTrail;
import dev.sluice.control.db.Database;
import dev.sluice.control.db.PostgresExtension;
import dev.sluice.control.enrolment.JoinedRuntime;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.group.GroupStore;
import dev.sluice.control.http.ApiServer;
import dev.sluice.control.http.Contract;
import dev.sluice.control.http.RestApi;
import dev.sluice.control.metrics.ControlPlaneMeters;
import dev.sluice.control.people.Tokens;
import dev.sluice.control.revision.AddressCheck;
import dev.sluice.control.revision.ConfigWriter;
import dev.sluice.control.revision.EpochApi;
import dev.sluice.control.revision.Snapshots;
import dev.sluice.control.seal.ContentKeys;
import dev.sluice.control.trust.PlaneTrust;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.net.DeniedNetworks;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.wire.Report;
import dev.sluice.model.wire.ReportAnswer;
import dev.sluice.model.wire.RuntimeApi;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The fleet's part of a control plane on a real database, with both of its servers listening. Register it as a static
 * field; each test class has its own.
 */
@SuppressWarnings("NullAway.Init") // JUnit calls beforeAll first
public final class FleetHarness implements BeforeAllCallback, AfterAllCallback {
    private final PostgresExtension postgres = new PostgresExtension();
    private final Vertx vertx = Vertx.vertx();
    private final WebClient web = WebClient.create(vertx, new WebClientOptions().setDefaultHost("127.0.0.1"));
    private final ControlPlaneMeters meters = new ControlPlaneMeters();
    private Database database;
    private PlaneTrust trust;
    private final Map<UUID, JoinedRuntime> joined = new ConcurrentHashMap<>();
    private final Map<UUID, String> tokens = new ConcurrentHashMap<>();
    private Fleet fleet;
    private HostPort runtimeApi;
    private ApiServer api;

    @Override
    public void beforeAll(ExtensionContext context) {
        postgres.beforeAll(context);
        database = postgres.open(vertx);
        Snapshots snapshots = new Snapshots(vertx, database);
        trust = openTrust(database, postgres.settings());
        fleet = new Fleet(vertx, postgres.settings(), database, snapshots, trust, meters);
        runtimeApi = await(fleet.start());
        RestApi rest = new RestApi(
                vertx,
                Contract.read(),
                new Tokens(database, postgres.settings().adminToken()),
                fleet.gate(),
                new AuditTrail(database)::ended,
                meters::requestEnded);
        fleet.register(rest);
        AddressCheck addresses = new AddressCheck(vertx, DeniedNetworks.ALWAYS_DENIED, InetAddress::getAllByName);
        ConfigWriter writer = new ConfigWriter(vertx, database, snapshots, addresses, fleet.headListener());
        new EpochApi(database, new GroupStore(), writer).register(rest);
        registerTheOthers(rest);
        api = await(ApiServer.listen(vertx, new HostPort("127.0.0.1", 0)));
        api.serve(Future::succeededFuture, rest::mount);
    }

    private PlaneTrust openTrust(Database database, ControlPlaneSettings settings) {
        return await(PlaneTrust.open(vertx, settings, database, new ContentKeys(database, settings.secretKeys())));
    }

    /** The runtime API of one more control plane on the same database; to be closed by whoever asked. */
    public RuntimeApiServer anotherServer(ControlPlaneSettings settings, Function<String, Future<Snapshot>> heads) {
        Database another = await(Database.open(vertx, settings));
        return new RuntimeApiServer(
                vertx,
                settings.runtimeApiBind(),
                openTrust(another, settings),
                id -> heads.apply(id.toString()),
                another,
                meters);
    }

    public PlaneTrust trust() {
        return trust;
    }

    /** A token with which any number of runtimes join a group. */
    public String token(UUID group) {
        return tokens.computeIfAbsent(group, id -> post("/v1/runtime-groups/" + id + "/tokens", "{\"uses\":null}")
                .path("token")
                .asText());
    }

    /** A runtime that has joined the group, with its certificate; always the same for an id. */
    public JoinedRuntime joined(UUID runtime, UUID group) {
        return joined.computeIfAbsent(runtime, id -> {
            JoinedRuntime fresh =
                    new JoinedRuntime(vertx, trust.authorities().api().pem(), id);
            fresh.join(runtimeApi.port(), token(group));
            return fresh;
        });
    }

    /** The frame wants a handler for every operation of the contract. */
    private static void registerTheOthers(RestApi rest) {
        try (InputStream in = Contract.class.getResourceAsStream("/openapi.yaml")) {
            Matcher ids = Pattern.compile("operationId: (\\w+)")
                    .matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            while (ids.find()) {
                try {
                    rest.on(ids.group(1), call -> Future.failedFuture(new NotFoundException("Not in this test.")));
                } catch (IllegalStateException hasOne) {
                    assertThat(hasOne).hasMessageContaining("already");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        await(fleet.stop());
        await(api.close(1));
        await(vertx.close());
        postgres.afterAll(context);
    }

    @CanIgnoreReturnValue
    public static <T> T await(Future<T> future) {
        try {
            return future.await(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("Not done in time", e);
        }
    }

    /** Asks again and again until it holds; fails after 20 seconds. */
    public void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Never came: " + what);
            }
            await(vertx.timer(20, TimeUnit.MILLISECONDS));
        }
    }

    public Vertx vertx() {
        return vertx;
    }

    public Database database() {
        return database;
    }

    public Fleet fleet() {
        return fleet;
    }

    public ControlPlaneMeters meters() {
        return meters;
    }

    public WebClient web() {
        return web;
    }

    public PostgresExtension postgres() {
        return postgres;
    }

    public int runtimeApiPort() {
        return runtimeApi.port();
    }

    public int apiPort() {
        return api.port();
    }

    @CanIgnoreReturnValue
    public RowSet<Row> sql(String statement, Object... parameters) {
        return await(database.pool().preparedQuery(statement).execute(Tuple.from(parameters)));
    }

    public long number(String query, Object... parameters) {
        Number number = (Number) sql(query, parameters).iterator().next().getValue(0);
        return number == null ? 0 : number.longValue();
    }

    /** A group at revision 0 of epoch 1. */
    public Head group(String name) {
        UUID id = UUID.randomUUID();
        sql("INSERT INTO runtime_group (id, name) VALUES ($1, $2)", id, name);
        sql("INSERT INTO group_head (group_id, epoch, digest) VALUES ($1, 1, encode(sha256(''), 'hex'))", id);
        return new Head(id, name, new Revision(1, 0));
    }

    /** As a commit of another control plane does, but for the notification. */
    @CanIgnoreReturnValue
    public Head advance(Head head) {
        Revision next = head.revision().next();
        sql(
                "INSERT INTO revision (group_id, number, epoch, digest, author, summary)"
                        + " VALUES ($1, $2, $3, repeat('a', 64), 'tester', 'test')",
                head.groupId(),
                next.number(),
                next.epoch());
        sql(
                "UPDATE group_head SET revision = $2, digest = repeat('a', 64), changed_at = now() WHERE group_id = $1",
                head.groupId(),
                next.number());
        return new Head(head.groupId(), head.group(), next);
    }

    public UUID version(Head group, String service, String version) {
        UUID serviceId = UUID.randomUUID();
        UUID versionId = UUID.randomUUID();
        sql("INSERT INTO service (id, name) VALUES ($1, $2)", serviceId, service);
        sql(
                "INSERT INTO service_version (id, service_id, group_id, name) VALUES ($1, $2, $3, $4)",
                versionId,
                serviceId,
                group.groupId(),
                version);
        return versionId;
    }

    /** A route that is in the group's head. */
    public UUID route(Head group, UUID version, String name) {
        UUID id = UUID.randomUUID();
        sql("INSERT INTO route_owner VALUES ($1, $2, $3)", group.groupId(), id, version);
        sql(
                "INSERT INTO config_entity (group_id, kind, id, valid_from, version_id, name, bytes, created_at)"
                        + " VALUES ($1, 'route', $2, 1, $3, $4, '{}', now())",
                group.groupId(),
                id,
                version,
                name);
        return id;
    }

    public HttpResponse<Buffer> send(Report report) {
        return await(sending(report, runtimeApi.port()));
    }

    public Future<HttpResponse<Buffer>> sending(Report report, int port) {
        return calling(port, report.runtime().id(), report.runtime().group())
                .sendBuffer(Buffer.buffer(WireJson.bytes(report)));
    }

    /** The call by which this runtime, which has joined the group, reports; what it sends is the caller's. */
    public HttpRequest<Buffer> calling(int port, UUID runtime, String group) {
        UUID groupId = sql("SELECT id FROM runtime_group WHERE name = $1", group)
                .iterator()
                .next()
                .getUUID(0);
        return joined(runtime, groupId)
                .web()
                .post(port, "127.0.0.1", RuntimeApi.REPORT_PATH)
                .putHeader("Content-Type", "application/json");
    }

    /** A write of the REST API without a body. */
    public Future<HttpResponse<Buffer>> posting(String path, String prefer) {
        return web.post(api.port(), "127.0.0.1", path)
                .bearerTokenAuthentication("admin-token")
                .putHeader("Prefer", prefer)
                .send();
    }

    @CanIgnoreReturnValue
    public ReportAnswer taken(Report report) {
        HttpResponse<Buffer> response = send(report);
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.bodyAsString());
        }
        return WireJson.read(ReportAnswer.class, response.body().getBytes());
    }

    /** A read of the REST API. */
    public HttpResponse<Buffer> get(String path, String accept) {
        return await(web.get(api.port(), "127.0.0.1", path)
                .bearerTokenAuthentication("admin-token")
                .putHeader("Accept", accept)
                .send());
    }

    /** A write of the REST API that creates something. */
    @CanIgnoreReturnValue
    public ObjectNode post(String path, String body) {
        HttpResponse<Buffer> response = await(web.post(api.port(), "127.0.0.1", path)
                .bearerTokenAuthentication("admin-token")
                .putHeader("Content-Type", "application/json")
                .sendBuffer(Buffer.buffer(body)));
        if (response.statusCode() != 201) {
            throw new AssertionError(response.statusCode() + " " + response.bodyAsString());
        }
        return ConfigJson.object(response.body().getBytes());
    }

    /** The status of a delete of the REST API. */
    @CanIgnoreReturnValue
    public int delete(String path) {
        return await(web.delete(api.port(), "127.0.0.1", path)
                        .bearerTokenAuthentication("admin-token")
                        .send())
                .statusCode();
    }

    public ObjectNode json(String path) {
        HttpResponse<Buffer> response = get(path, "application/json");
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.bodyAsString());
        }
        return ConfigJson.object(response.body().getBytes());
    }
}
