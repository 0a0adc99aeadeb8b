package dev.sluice.control.enrolment;

import static dev.sluice.control.publish.FleetHarness.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.fleet.Head;
import dev.sluice.control.publish.FleetHarness;
import dev.sluice.control.publish.ReportingRuntime;
import dev.sluice.control.publish.RuntimeApiServer;
import dev.sluice.control.trust.TestIssuer;
import dev.sluice.model.snapshot.Digest;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.JoinToken;
import dev.sluice.model.trust.RuntimeName;
import dev.sluice.model.wire.RuntimeApi;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever may not call gets no snapshot, changes no count, takes no place in the directory, and is logged once. */
@SuppressWarnings("NullAway.Init") // BeforeEach sets them
class StrangersTest {
    @RegisterExtension
    static final FleetHarness plane = new FleetHarness();

    private LogLines log;
    private Head group;
    private RuntimeApiServer server;
    private int port;

    /** A control plane that has told nothing yet. */
    @BeforeEach
    void start() {
        group = plane.group("edge-" + UUID.randomUUID());
        server = plane.anotherServer(plane.postgres().settings(), name -> Future.succeededFuture(Snapshot.empty(name)));
        port = await(server.listen()).port();
        log = new LogLines();
    }

    @AfterEach
    void close() {
        log.close();
        await(server.close());
    }

    @Test
    void noCertificate() {
        WebClient stranger = JoinedRuntime.stranger(plane.vertx(), authority());

        assertThat(statusOfAll(stranger, UUID.randomUUID())).containsOnly(401);
        assertThat(log.with("No client certificate was shown")).hasSize(1);
    }

    @Test
    void aCertificateOfAnotherAuthorityThatHasTheSameName() {
        JoinedRuntime victim = joined();
        TestIssuer impostor = TestIssuer.namedLike(plane.trust());
        String forged = impostor.runtime(name(victim), victim.keys().getPublic(), Duration.ofDays(1));

        assertThat(statusOfAll(client(victim, forged), victim.id())).containsOnly(0);
        assertThat(log.with("is not of this installation's authority")).hasSize(1);
    }

    @Test
    void aCertificateOfTheEventBus() {
        JoinedRuntime runtime = joined();

        assertThat(statusOfAll(client(runtime, runtime.enrolment().busCertificate()), runtime.id()))
                .allMatch(status -> status == 0 || status == 401);
    }

    @Test
    void anExpiredCertificate() {
        JoinedRuntime runtime = joined();
        String expired = TestIssuer.of(plane.trust())
                .runtime(name(runtime), runtime.keys().getPublic(), Duration.ofDays(-1));

        assertThat(statusOfAll(client(runtime, expired), runtime.id())).containsOnly(0);
        assertThat(log.with("its certificate has expired")).hasSize(1);
    }

    @Test
    void aCertificateOfOurAuthorityThatWasNeverIssued() {
        JoinedRuntime runtime = joined();
        String unknown = TestIssuer.of(plane.trust())
                .runtime(name(runtime), runtime.keys().getPublic(), Duration.ofDays(1));

        assertThat(statusOfAll(client(runtime, unknown), runtime.id())).containsOnly(403);
        assertThat(log.with("is not known here")).hasSize(1);
    }

    @Test
    void aRevokedCertificate() {
        JoinedRuntime runtime = joined();
        ReportingRuntime reporting = new ReportingRuntime(runtime.id(), "edge-1", group);
        assertThat(report(runtime.web(), reporting)).isEqualTo(200);
        assertThat(plane.delete("/v1/runtime-groups/" + group.group() + "/runtimes/" + runtime.id()))
                .isEqualTo(204);
        long counted = counted(runtime.id());
        Buffer before = directory();

        assertThat(get(runtime.web(), RuntimeApi.SNAPSHOT_PATH)).isEqualTo(403);
        assertThat(get(runtime.web(), RuntimeApi.TRUST_PATH)).isEqualTo(403);
        assertThat(report(runtime.web(), reporting)).isEqualTo(403);
        assertThat(counted(runtime.id())).isEqualTo(counted).isEqualTo(15);
        assertThat(directory()).isEqualTo(before);
        assertThat(log.with("certificate was revoked")).hasSize(1);
    }

    @Test
    void theCertificateOfAnotherGroup() {
        Head other = plane.group("other-" + group.group());
        JoinedRuntime runtime = joined();
        // It joins again, for the other group, with the same key: what it had before is of the wrong group now.
        WebClient before = runtime.web();
        runtime.join(port, plane.token(other.groupId()));

        assertThat(statusOfAll(before, runtime.id())).containsOnly(403);
        assertThat(log.with("is for another runtime group")).hasSize(1);
        assertThat(get(runtime.web(), RuntimeApi.SNAPSHOT_PATH)).isEqualTo(200);
    }

    @Test
    void aCertificateThatReportsForAnotherRuntimeOrGroup() {
        JoinedRuntime runtime = joined();
        ReportingRuntime victim = new ReportingRuntime("victim", group);
        Head other = plane.group("other-" + group.group());

        assertThat(report(runtime.web(), victim)).isEqualTo(403);
        assertThat(report(runtime.web(), victim)).isEqualTo(403);
        assertThat(report(runtime.web(), new ReportingRuntime(runtime.id(), "stray", other)))
                .isEqualTo(403);
        assertThat(counted(victim.id()) + counted(runtime.id())).isZero();
        assertThat(log.with("is of another runtime than the certificate")).hasSize(1);
        assertThat(log.with("is for another runtime group than the certificate"))
                .hasSize(1);
    }

    @Test
    void aCertificateForSigningSnapshotsOrServing() {
        JoinedRuntime runtime = joined();
        for (String purpose : new String[] {"2.25.147690246959461500427426514827560786993", "1.3.6.1.5.5.7.3.1"}) {
            String other = TestIssuer.of(plane.trust())
                    .issue(name(runtime), runtime.keys().getPublic(), Duration.ofDays(1), purpose);
            assertThat(statusOfAll(client(runtime, other), runtime.id()))
                    .as(purpose)
                    .containsOnly(0);
        }
    }

    @Test
    void spentExpiredRevokedAndMadeUpTokens() {
        String once = plane.post("/v1/runtime-groups/" + group.group() + "/tokens", "{}")
                .path("token")
                .asText();
        new JoinedRuntime(plane.vertx(), authority(), UUID.randomUUID()).join(port, once);
        String expired = plane.post("/v1/runtime-groups/" + group.group() + "/tokens", "{\"name\":\"old\"}")
                .path("token")
                .asText();
        plane.sql("UPDATE join_token SET expires_at = now() WHERE name = 'old'");
        String revoked = plane.post("/v1/runtime-groups/" + group.group() + "/tokens", "{}")
                .path("token")
                .asText();
        plane.delete("/v1/runtime-groups/" + group.group() + "/tokens/"
                + JoinToken.parse(revoked).id());
        long identities = plane.number("SELECT count(*) FROM runtime_identity");
        long certificates = plane.number("SELECT count(*) FROM runtime_certificate");

        assertRefused(once, "has been used as often as it may be");
        assertRefused(expired, "has expired");
        assertRefused(revoked, "is not one of this installation, or was revoked");
        assertRefused("sluice-join.nonsense", "not a join token");
        JoinToken real = JoinToken.parse(plane.token(group.groupId()));
        assertRefused(
                new JoinToken(real.id(), "A".repeat(43), real.authority()).text(),
                "is not one of this installation, or was revoked");
        assertRefused(
                new JoinToken(real.id(), real.secret(), Digest.of(new byte[] {1})).text(),
                "of another certificate authority");

        assertThat(plane.number("SELECT count(*) FROM runtime_identity")).isEqualTo(identities);
        assertThat(plane.number("SELECT count(*) FROM runtime_certificate")).isEqualTo(certificates);
        for (String reason : new String[] {"used as often as it may be", "join token has expired", "was revoked"}) {
            assertThat(log.with(reason)).as(reason).hasSize(1);
        }
        assertThat(log.with(real.secret())).isEmpty();
    }

    private void assertRefused(String token, String reason) {
        JoinedRuntime runtime = new JoinedRuntime(plane.vertx(), authority(), UUID.randomUUID());
        plane.until("the address has not to wait", () -> {
            HttpResponse<Buffer> response = await(runtime.joining(port, token));
            if (response.statusCode() == 429) {
                assertThat(Integer.parseInt(response.getHeader("Retry-After"))).isBetween(1, 60);
                return false;
            }
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.bodyAsString()).contains(reason);
            return true;
        });
    }

    private String authority() {
        return plane.trust().authorities().api().pem();
    }

    private JoinedRuntime joined() {
        return plane.joined(UUID.randomUUID(), group.groupId());
    }

    private RuntimeName name(JoinedRuntime runtime) {
        return new RuntimeName(runtime.id(), group.groupId());
    }

    private WebClient client(JoinedRuntime runtime, String certificate) {
        return JoinedRuntime.client(plane.vertx(), authority(), runtime.keys(), certificate);
    }

    /** Of every call that there is, each made twice; 0 where TLS already fails. Nothing may have come of them. */
    private List<Integer> statusOfAll(WebClient web, UUID runtime) {
        ReportingRuntime reporting = new ReportingRuntime(runtime, "stranger", group);
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            all.add(get(web, RuntimeApi.SNAPSHOT_PATH));
            all.add(get(web, RuntimeApi.TRUST_PATH));
            all.add(report(web, reporting));
            all.add(status(web, RuntimeApi.RENEWAL_PATH, Buffer.buffer("{}")));
        }
        assertThat(counted(runtime)).isZero();
        assertThat(plane.number("SELECT count(*) FROM runtime WHERE id = $1", runtime))
                .isZero();
        return all;
    }

    /** What the database holds by reports of a runtime. */
    private static long counted(UUID runtime) {
        return plane.number(
                "SELECT (SELECT coalesce(sum(n), 0) FROM status_minute WHERE runtime_id = $1)"
                        + " + (SELECT coalesce(sum(n), 0) FROM status_second WHERE runtime_id = $1)"
                        + " + (SELECT coalesce(sum(n), 0) FROM status_hour WHERE runtime_id = $1)",
                runtime);
    }

    private Buffer directory() {
        return plane.get("/v1/runtime-groups/" + group.group() + "/runtimes", "application/json")
                .body();
    }

    private int report(WebClient web, ReportingRuntime runtime) {
        return status(
                web,
                RuntimeApi.REPORT_PATH,
                Buffer.buffer(WireJson.bytes(runtime.report(ReportingRuntime.route(null, 200, 5)))));
    }

    private int get(WebClient web, String path) {
        return status(web, path, null);
    }

    private int status(WebClient web, String path, @Nullable Buffer body) {
        var request = body == null
                ? web.get(port, "127.0.0.1", path).send()
                : web.post(port, "127.0.0.1", path).sendBuffer(body);
        return await(request.map(response -> {
                    assertThat(response.statusCode() == 200
                                    || !response.bodyAsString().contains("\"format\""))
                            .isTrue();
                    return response.statusCode();
                })
                .otherwise(0));
    }
}
