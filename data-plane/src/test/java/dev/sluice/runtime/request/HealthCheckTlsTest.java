package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.CaCertificate;
import dev.sluice.model.config.Certificate;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Implementation;
import dev.sluice.model.config.Route;
import dev.sluice.model.config.Target;
import dev.sluice.model.config.Upstream;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.SealingKey;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.runtime.MadeCertificate;
import dev.sluice.runtime.snapshot.SnapshotCompiler;
import dev.sluice.runtime.snapshot.SnapshotSource;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Active checks of a target whose certificate is from a company's own authority, and is for upstream and 127.0.0.1. */
final class HealthCheckTlsTest {
    private static final MadeCertificate ROOT = MadeCertificate.authority("root", null);
    private static final MadeCertificate SERVER = MadeCertificate.leaf("upstream", "EC P-256", ROOT);
    private static final MadeCertificate CLIENT = MadeCertificate.leaf("gateway", "EC P-256", ROOT);

    /** A message with status SERVING (grpc.health.v1). */
    private static final Buffer SERVING = Buffer.buffer(new byte[] {0, 0, 0, 0, 2, 8, 1});

    private final SealingKey sealing = SealingKey.random();
    private final Vertx vertx = Vertx.vertx();
    private final TestGateway gateway = new TestGateway();
    private final AtomicInteger checks = new AtomicInteger();
    private final UUID upstream = UUID.randomUUID();
    private final List<Entity> entities = new ArrayList<>();

    @AfterEach
    void close() {
        gateway.close();
        vertx.close().await();
    }

    @Test
    void checksTrustTheAuthorityThatRequestsTrust() {
        declare("https", "'slots':1000", "127.0.0.1", server(ClientAuth.NONE));
        implementation("'ca_certificates':['" + authority(ROOT) + "']");
        serve();
        awaitChecked();
    }

    @Test
    void checksShowTheCertificateThatRequestsShow() {
        declare("https", "'slots':1000", "127.0.0.1", server(ClientAuth.REQUIRED));
        implementation("'ca_certificates':['" + authority(ROOT) + "'],'client_certificate':'" + certificate() + "'");
        serve();
        awaitChecked();
    }

    @Test
    void theServerNameIsThatOfRequests() {
        declare("https", "'host_header':'upstream'", "localhost", server(ClientAuth.NONE));
        implementation("'ca_certificates':['" + authority(ROOT) + "']");
        serve();
        awaitChecked();
    }

    @Test
    void checksOfGrpcTrustItToo() {
        declare("grpcs", "'slots':1000", "127.0.0.1", server(ClientAuth.NONE));
        implementation("'ca_certificates':['" + authority(ROOT) + "']");
        serve();
        awaitChecked();
    }

    @Test
    void anotherAuthorityIsNotTrusted() {
        declare("https", "'slots':1000", "127.0.0.1", server(ClientAuth.NONE));
        implementation("'ca_certificates':['" + authority(MadeCertificate.authority("root", null)) + "']");
        serve();
        awaitOut();
    }

    @Test
    void whereImplementationsDifferThePlatformsAuthoritiesDecide() {
        declare("https", "'slots':1000", "127.0.0.1", server(ClientAuth.NONE));
        implementation("'ca_certificates':['" + authority(ROOT) + "']");
        implementation("'tls_verify':false");
        serve();
        awaitOut();
    }

    private void awaitChecked() {
        TestGateway.await("it is checked", () -> checks.get() > 2);
        assertThat(gateway.server().unhealthyTargets()).isEmpty();
        assertThat(gateway.get("/").status()).isEqualTo(200);
    }

    private void awaitOut() {
        TestGateway.await("it is out", () -> gateway.get("/").status() == 503);
        assertThat(checks).hasValue(0);
    }

    /** @param host by which its target is called */
    private void declare(String checkedBy, String more, String host, HttpServer server) {
        Upstream balanced = Declared.upstream(
                upstream,
                "{'healthchecks':{'active':{'type':'" + checkedBy + "','healthy':{'interval':0.05,'successes':1},"
                        + "'unhealthy':{'interval':0.05,'tcp_failures':1,'http_failures':1}}}," + more + "}");
        Target target = Declared.target(upstream, UUID.randomUUID(), host + ":" + server.actualPort(), "{}");
        add(EntityKinds.UPSTREAM, balanced.id(), balanced);
        add(EntityKinds.TARGET, target.id(), target);
    }

    private void implementation(String fields) {
        UUID version = UUID.randomUUID();
        Implementation made = Declared.implementation(
                version, 443, "{'protocol':'https','host':'balanced.upstream','retries':0," + fields + "}");
        Route route = Declared.route(version, "{'paths':['/']}");
        add(EntityKinds.IMPLEMENTATION, made.id(), made);
        add(EntityKinds.ROUTE, route.id(), route);
    }

    private UUID authority(MadeCertificate made) {
        UUID id = UUID.randomUUID();
        add(EntityKinds.CA_CERTIFICATE, id, new CaCertificate(id, Instant.EPOCH, null, made.cert(), "…", List.of()));
        return id;
    }

    private UUID certificate() {
        UUID id = UUID.randomUUID();
        String key = sealing.seal(Certificate.keyContext(id), CLIENT.key().getBytes(StandardCharsets.US_ASCII));
        add(
                EntityKinds.CERTIFICATE,
                id,
                new Certificate(id, Instant.EPOCH, null, CLIENT.cert(), key, null, null, List.of()));
        return id;
    }

    private void add(String kind, UUID id, Record record) {
        entities.add(Entity.of(kind, id, ConfigJson.bytes(record)));
    }

    private void serve() {
        Snapshot snapshot = Snapshot.of("default", new Revision(1, 1), entities);
        gateway.swap(new SnapshotCompiler(Instant::now)
                .compile(snapshot, new SealingKeys(sealing, List.of()), SnapshotSource.CONTROL_PLANE));
    }

    private HttpServer server(ClientAuth asks) {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setClientAuth(asks)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(SERVER.cert()))
                        .addKeyValue(Buffer.buffer(SERVER.key())))
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(ROOT.cert())));
        return vertx.createHttpServer(options)
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .await();
    }

    private void answer(HttpServerRequest request) {
        if ("sluice-health-check".equals(request.getHeader("user-agent"))) {
            checks.incrementAndGet();
        }
        if (request.path().equals("/grpc.health.v1.Health/Check")) {
            request.response()
                    .putHeader("content-type", "application/grpc")
                    .putTrailer("grpc-status", "0")
                    .end(SERVING);
        } else {
            request.response().end("well");
        }
    }
}
