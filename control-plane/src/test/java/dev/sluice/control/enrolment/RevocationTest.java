package dev.sluice.control.enrolment;

import static dev.sluice.control.publish.FleetHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.ControlPlaneSettings;
import dev.sluice.control.db.Link;
import dev.sluice.control.db.PostgresExtension;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.publish.FleetHarness;
import dev.sluice.control.publish.ReportingRuntime;
import dev.sluice.control.publish.RuntimeApiServer;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.Pem;
import dev.sluice.model.wire.RuntimeApi;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Certificates while connections are open, and while the database is away. */
@SuppressWarnings("NullAway.Init") // BeforeEach sets it
class RevocationTest {
    @RegisterExtension
    static final FleetHarness plane = new FleetHarness();

    private Head group;

    @BeforeEach
    void group() {
        group = plane.group("group-" + UUID.randomUUID());
    }

    @Test
    void revokingCutsOpenConnectionsOnEveryControlPlane() {
        JoinedRuntime runtime = plane.joined(UUID.randomUUID(), group.groupId());
        JoinedRuntime neighbour = plane.joined(UUID.randomUUID(), group.groupId());
        plane.taken(new ReportingRuntime(runtime.id(), "r1", group).report());
        RuntimeApiServer another =
                plane.anotherServer(plane.postgres().settings(), name -> Future.succeededFuture(Snapshot.empty(name)));
        int anotherPort = await(another.listen()).port();
        Open here = new Open(runtime, plane.runtimeApiPort());
        Open there = new Open(runtime, anotherPort);
        Open others = new Open(neighbour, anotherPort);
        assertThat(here.snapshot()).isEqualTo(200);
        assertThat(there.snapshot()).isEqualTo(200);
        assertThat(others.snapshot()).isEqualTo(200);

        plane.delete("/v1/runtime-groups/" + group.group() + "/runtimes/" + runtime.id());

        plane.until("both connections are cut", () -> here.cut.get() && there.cut.get());
        assertThat(status(runtime, plane.runtimeApiPort())).isEqualTo(403);
        assertThat(status(runtime, anotherPort)).isEqualTo(403);
        assertThat(others.snapshot()).isEqualTo(200);
        await(another.close());
    }

    @Test
    void whileTheDatabaseIsAwayAKnownRuntimeGetsItsSnapshotAndARevokedOneStaysOut() {
        JoinedRuntime known = plane.joined(UUID.randomUUID(), group.groupId());
        JoinedRuntime neverSeenHere = plane.joined(UUID.randomUUID(), group.groupId());
        JoinedRuntime revoked = plane.joined(UUID.randomUUID(), group.groupId());
        Link link = new Link(plane.vertx(), plane.postgres().port());
        int linkPort = await(link.open(0));
        ControlPlaneSettings behindLink =
                PostgresExtension.settings(plane.postgres().uriAt(linkPort));
        RuntimeApiServer server = plane.anotherServer(behindLink, name -> Future.succeededFuture(Snapshot.empty(name)));
        int port = await(server.listen()).port();
        plane.delete("/v1/runtime-groups/" + group.group() + "/runtimes/" + revoked.id());
        assertThat(status(known, port)).isEqualTo(200);
        assertThat(status(revoked, port)).isEqualTo(403);

        link.silent(true);

        assertThat(status(known, port)).isEqualTo(200);
        assertThat(status(known, port)).isEqualTo(200);
        assertThat(status(neverSeenHere, port)).isEqualTo(200);
        assertThat(status(revoked, port)).isEqualTo(403);
        link.silent(false);
        await(server.close());
        await(link.close());
    }

    @Test
    void aConnectionOutlivesACertificateButItsRequestsDoNot() {
        RuntimeApiServer server = shortLived(Duration.ofSeconds(10));
        int port = await(server.listen()).port();
        JoinedRuntime runtime = new JoinedRuntime(plane.vertx(), authority(), UUID.randomUUID());
        runtime.join(port, plane.token(group.groupId()));
        Open open = new Open(runtime, port);
        assertThat(open.snapshot()).isEqualTo(200);

        plane.until("the certificate has expired", () -> open.snapshot() == 401);

        await(server.close());
    }

    @Test
    void theServersCertificateIsRenewedInTimeAndConnectionsStay() {
        RuntimeApiServer server = shortLived(Duration.ofSeconds(15));
        int port = await(server.listen()).port();
        JoinedRuntime runtime = plane.joined(UUID.randomUUID(), group.groupId());
        Open open = new Open(runtime, port);
        X509Certificate first = open.server();
        assertThat(open.snapshot()).isEqualTo(200);

        plane.until(
                "another certificate is shown",
                () -> !new Open(runtime, port).server().equals(first));

        assertThat(first.getNotAfter().toInstant()).isAfter(Instant.now().minusSeconds(30));
        assertThat(open.snapshot()).isEqualTo(200);
        assertThat(open.cut).isFalse();
        await(server.close());
    }

    @Test
    void theServerShowsItsAuthorityToo() {
        Open open = new Open(plane.joined(UUID.randomUUID(), group.groupId()), plane.runtimeApiPort());

        assertThat(open.chain())
                .hasSize(2)
                .last()
                .isEqualTo(plane.trust().authorities().api().certificate());
    }

    @Test
    void reportsAfterARevocationAreRefusedThoughTheyWereLetIn() {
        JoinedRuntime runtime = plane.joined(UUID.randomUUID(), group.groupId());
        ReportingRuntime reporting = new ReportingRuntime(runtime.id(), "r1", group);
        plane.taken(reporting.report());
        // The identity is gone, and the certificate is not yet known to be.
        plane.sql("DELETE FROM runtime_identity WHERE id = $1", runtime.id());
        plane.sql("DELETE FROM runtime WHERE id = $1", runtime.id());

        int status = await(runtime.web()
                        .post(plane.runtimeApiPort(), "127.0.0.1", RuntimeApi.REPORT_PATH)
                        .sendBuffer(Buffer.buffer(WireJson.bytes(reporting.report()))))
                .statusCode();

        assertThat(status).isEqualTo(403);
        assertThat(plane.number("SELECT count(*) FROM runtime WHERE id = $1", runtime.id()))
                .isZero();
    }

    private RuntimeApiServer shortLived(Duration life) {
        return plane.anotherServer(
                PostgresExtension.settings(plane.postgres().uri(), life),
                name -> Future.succeededFuture(Snapshot.empty(name)));
    }

    private static int status(JoinedRuntime runtime, int port) {
        return await(runtime.web()
                        .get(port, "127.0.0.1", RuntimeApi.SNAPSHOT_PATH)
                        .send())
                .statusCode();
    }

    private static String authority() {
        return plane.trust().authorities().api().pem();
    }

    /** One connection that stays open. */
    private static final class Open {
        private final AtomicBoolean cut = new AtomicBoolean();
        /** A client that nobody holds any more is closed, with its connections. */
        private static final List<HttpClientAgent> CLIENTS = new CopyOnWriteArrayList<>();

        private final HttpClientConnection connection;

        private Open(JoinedRuntime runtime, int port) {
            HttpClientAgent client = plane.vertx()
                    .createHttpClient(new HttpClientOptions()
                            .setSsl(true)
                            .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(authority())))
                            .setKeyCertOptions(new PemKeyCertOptions()
                                    .addKeyValue(Buffer.buffer(Pem.write(
                                            "PRIVATE KEY",
                                            runtime.keys().getPrivate().getEncoded())))
                                    .addCertValue(
                                            Buffer.buffer(runtime.enrolment().certificate()))));
            CLIENTS.add(client);
            connection = await(client.connect(new HttpConnectOptions()
                    .setServer(SocketAddress.inetSocketAddress(port, "127.0.0.1"))
                    .setHost("127.0.0.1")
                    .setPort(port)));
            connection.closeHandler(closed -> cut.set(true));
        }

        private int snapshot() {
            return await(connection
                    .request(HttpMethod.GET, RuntimeApi.SNAPSHOT_PATH)
                    .compose(request -> request.send())
                    .compose(response -> response.body().map(body -> response.statusCode())));
        }

        private List<X509Certificate> chain() {
            try {
                return connection.peerCertificates().stream()
                        .map(X509Certificate.class::cast)
                        .toList();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        private X509Certificate server() {
            return chain().get(0);
        }
    }
}
