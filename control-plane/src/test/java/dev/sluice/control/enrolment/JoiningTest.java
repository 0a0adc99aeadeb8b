package dev.sluice.control.enrolment;

import static dev.sluice.control.publish.FleetHarness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.publish.FleetHarness;
import dev.sluice.control.publish.ReportingRuntime;
import dev.sluice.control.trust.TestIssuer;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.trust.JoinToken;
import dev.sluice.model.trust.Pem;
import dev.sluice.model.trust.RuntimeName;
import dev.sluice.model.wire.Enrolment;
import dev.sluice.model.wire.RuntimeApi;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@SuppressWarnings("NullAway.Init") // BeforeEach sets it
class JoiningTest {
    @RegisterExtension
    static final FleetHarness plane = new FleetHarness();

    private Head group;

    @BeforeEach
    void group() {
        group = plane.group("group-" + UUID.randomUUID());
    }

    @Test
    void aRuntimeGetsCertificatesThatNameItAndNothingOfItsOwnChoice() {
        JoinedRuntime runtime = fresh();

        Enrolment enrolment = runtime.join(plane.runtimeApiPort(), plane.token(group.groupId()));

        X509Certificate api = Pem.certificates(enrolment.certificate()).get(0);
        X509Certificate bus = Pem.certificates(enrolment.busCertificate()).get(0);
        RuntimeName name = new RuntimeName(runtime.id(), group.groupId());
        assertThat(RuntimeName.of(api)).isEqualTo(name);
        assertThat(RuntimeName.of(bus)).isEqualTo(name);
        assertThat(api.getSubjectX500Principal().getName()).isEqualTo("CN=" + runtime.id());
        assertThat(extendedUsages(api)).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(extendedUsages(bus)).containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(api.getBasicConstraints()).isEqualTo(-1);
        assertThat(api.getPublicKey()).isEqualTo(runtime.keys().getPublic()).isEqualTo(bus.getPublicKey());
        assertThat(Duration.between(
                        api.getNotBefore().toInstant(), api.getNotAfter().toInstant()))
                .isBetween(Duration.ofDays(30), Duration.ofDays(31));
        assertThat(enrolment.trust().group()).isEqualTo(group.group());
        assertThat(enrolment.trust().groupId()).isEqualTo(group.groupId());
        assertThat(enrolment.trust().authorities())
                .containsExactly(plane.trust().authorities().api().pem());
        assertThat(enrolment.trust().busAuthorities())
                .containsExactly(plane.trust().authorities().bus().pem());
        assertThat(enrolment.trust().controlPlanes()).contains("https://127.0.0.1:" + plane.runtimeApiPort());
    }

    @Test
    void whoJoinedByWhichTokenIsInTheAuditTrail() {
        String token = plane.token(group.groupId());
        JoinedRuntime runtime = fresh();
        runtime.join(plane.runtimeApiPort(), token);

        var rows = plane.sql(
                "SELECT actor_kind, actor_name, operation, address, after, audit_record::text AS whole FROM audit_record"
                        + " WHERE entity_kind = 'runtime' AND entity_id = $1",
                runtime.id());

        assertThat(rows.size()).isEqualTo(1);
        var row = rows.iterator().next();
        assertThat(row.getString("actor_kind")).isEqualTo("join_token");
        assertThat(row.getString("actor_name")).isEqualTo(JoinToken.parse(token).id());
        assertThat(row.getString("operation")).isEqualTo("joinRuntime");
        assertThat(row.getString("address")).isEqualTo("127.0.0.1");
        assertThat(row.getJsonObject("after").getString("group_id"))
                .isEqualTo(group.groupId().toString());
        assertThat(row.getString("whole")).doesNotContain(JoinToken.parse(token).secret());
    }

    private static List<String> extendedUsages(X509Certificate certificate) {
        try {
            return certificate.getExtendedKeyUsage();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aTokenForOneLetsOneInHoweverManyTryAtOnce() {
        String token = token("{}");
        List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(fresh().joining(plane.runtimeApiPort(), token));
        }

        assertThat(answers.stream().map(answer -> await(answer).statusCode()))
                .containsOnlyOnce(200)
                .allMatch(status -> status == 200 || status == 401 || status == 429);
        assertThat(plane.number("SELECT count(*) FROM runtime_identity WHERE group_id = $1", group.groupId()))
                .isEqualTo(1);
    }

    @Test
    void askingAgainWithTheSameKeyCountsOnceAndWorksThoughTheTokenIsSpent() {
        String token = token("{}");
        JoinedRuntime runtime = fresh();

        runtime.join(plane.runtimeApiPort(), token);
        runtime.join(plane.runtimeApiPort(), token);

        assertThat(listed(token).path("uses_left").asInt()).isZero();
        assertThat(listed(token).path("last_used_at").isNull()).isFalse();
    }

    @Test
    void tokensAreShownOnceAndListedWithoutTheirSecret() {
        ObjectNode made =
                plane.post("/v1/runtime-groups/" + group.group() + "/tokens", "{\"name\":\"edge\",\"uses\":null}");
        JoinToken token = JoinToken.parse(made.path("token").asText());

        assertThat(made.path("command").asText())
                .contains("SLUICE_CONTROL_PLANES=https://127.0.0.1:" + plane.runtimeApiPort())
                .contains("SLUICE_JOIN_TOKEN=" + token.text())
                .endsWith("java -jar data-plane.jar");
        assertThat(token.authority())
                .isEqualTo(plane.trust().authorities().api().digest());
        ObjectNode listed = listed(token.text());
        assertThat(listed.toString()).doesNotContain(token.secret());
        assertThat(listed.path("name").asText()).isEqualTo("edge");
        assertThat(listed.path("uses_left").isNull()).isTrue();
        assertThat(plane.number(
                        "SELECT count(*) FROM join_token t WHERE t::text LIKE '%' || $1 || '%'", token.secret()))
                .isZero();
        assertThat(plane.delete("/v1/runtime-groups/" + group.group() + "/tokens/" + token.id()))
                .isEqualTo(204);
        assertThat(plane.delete("/v1/runtime-groups/" + group.group() + "/tokens/" + token.id()))
                .isEqualTo(404);
    }

    @Test
    void aKnownIdIsGivenOnlyToWhoHasOneOfItsKeys() {
        JoinedRuntime first = joined();
        JoinedRuntime thief = new JoinedRuntime(plane.vertx(), authority(), first.id());

        HttpResponse<Buffer> refused = await(thief.joining(plane.runtimeApiPort(), token("{}")));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.bodyAsString()).contains("another key").contains("empty data directory");

        thief.keys(first.keys());
        thief.join(plane.runtimeApiPort(), token("{}"));
    }

    @Test
    void aRefusedRuntimeCostsTheTokenNoUse() {
        String token = token("{}");
        assertThat(await(new JoinedRuntime(plane.vertx(), authority(), joined().id())
                                .joining(plane.runtimeApiPort(), token))
                        .statusCode())
                .isEqualTo(403);

        fresh().join(plane.runtimeApiPort(), token);
    }

    @Test
    void aCertificateIsRenewedWithANewKeyAndTheFormerStaysValid() {
        JoinedRuntime runtime = joined();
        WebClient before = runtime.web();

        Enrolment renewed = runtime.renew(plane.runtimeApiPort());

        assertThat(RuntimeName.of(Pem.certificates(renewed.certificate()).get(0)))
                .isEqualTo(new RuntimeName(runtime.id(), group.groupId()));
        assertThat(snapshot(runtime.web())).isEqualTo(200);
        assertThat(snapshot(before)).isEqualTo(200);
        runtime.join(plane.runtimeApiPort(), token("{}")); // with the new key: it is one of its keys now
    }

    @Test
    void aRevokedRuntimeJoinsAgainOnlyAsAnotherOrOnceItIsForgotten() {
        JoinedRuntime runtime = joined();
        ReportingRuntime reporting = new ReportingRuntime(runtime.id(), "r1", group);
        plane.taken(reporting.report());
        String path = "/v1/runtime-groups/" + group.group() + "/runtimes/" + runtime.id();
        String token = token("{\"uses\":10}");

        assertThat(plane.delete(path)).isEqualTo(204);
        ObjectNode entry = entry();
        assertThat(entry.path("revoked").asBoolean()).isTrue();
        assertThat(entry.path("state").asText()).isEqualTo("gone");
        assertThat(entry.path("certificate_expires_at").asText()).isNotEmpty();
        assertThat(joinStatus(runtime, token)).isEqualTo(403);
        runtime.keys(JoinedRuntime.ecKeys("secp256r1"));
        assertThat(joinStatus(runtime, token)).isEqualTo(403);

        KeyPair revokedKey = plane.joined(runtime.id(), group.groupId()).keys();
        assertThat(plane.delete(path)).isEqualTo(204);
        assertThat(plane.json("/v1/runtime-groups/" + group.group() + "/runtimes")
                        .path("data"))
                .isEmpty();
        assertThat(plane.delete(path)).isEqualTo(404);
        assertThat(snapshot(plane.joined(runtime.id(), group.groupId()).web())).isEqualTo(403);
        runtime.join(plane.runtimeApiPort(), token);
        assertThat(snapshot(runtime.web())).isEqualTo(200);
        assertThat(revokedKey).isNotNull();
    }

    @Test
    void aGoneRuntimeIsForgottenAndItsCertificateStaysRevoked() {
        JoinedRuntime runtime = joined();
        plane.taken(new ReportingRuntime(runtime.id(), "r1", group).report());
        plane.sql("UPDATE runtime SET last_seen = now() - interval '1 minute' WHERE id = $1", runtime.id());

        assertThat(plane.delete("/v1/runtime-groups/" + group.group() + "/runtimes/" + runtime.id()))
                .isEqualTo(204);

        assertThat(plane.json("/v1/runtime-groups/" + group.group() + "/runtimes")
                        .path("data"))
                .isEmpty();
        assertThat(snapshot(runtime.web())).isEqualTo(403);
        // Its key is one of a revoked certificate, whoever shows it.
        assertThat(joinStatus(runtime, token("{}"))).isEqualTo(403);
    }

    @Test
    void keysOfTheUsualKindsAreCertifiedAndOthersAreNot() throws Exception {
        for (String curve : new String[] {"secp256r1", "secp384r1"}) {
            assertThat(CertificateRequest.key(JoinedRuntime.request("EC", JoinedRuntime.ecKeys(curve))))
                    .isNotNull();
        }
        KeyPair edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        assertThat(CertificateRequest.key(JoinedRuntime.request("Ed25519", edwards)))
                .isEqualTo(edwards.getPublic());
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        assertThat(CertificateRequest.key(JoinedRuntime.request("RSA", rsa.generateKeyPair())))
                .isNotNull();

        rsa.initialize(1024);
        String weak = JoinedRuntime.request("RSA", rsa.generateKeyPair());
        String curve = JoinedRuntime.request("EC", JoinedRuntime.ecKeys("secp521r1"));
        for (String unfit : List.of(weak, curve)) {
            assertThatThrownBy(() -> CertificateRequest.key(unfit))
                    .isInstanceOf(InvalidConfigurationException.class)
                    .hasMessageContaining("has a key of another kind");
        }
    }

    @Test
    void aRequestThatIsNotSignedWithItsKeyIsRefusedAsIsRubbish() {
        KeyPair mine = JoinedRuntime.ecKeys("secp256r1");
        KeyPair yours = JoinedRuntime.ecKeys("secp256r1");
        String stolen = JoinedRuntime.request("EC", new KeyPair(yours.getPublic(), mine.getPrivate()));
        assertThatThrownBy(() -> CertificateRequest.key(stolen)).hasMessageContaining("is not signed with the key");
        byte[] damaged = Pem.read(JoinedRuntime.request("EC", mine), "CERTIFICATE REQUEST");
        for (int i = 0; i < damaged.length; i++) {
            byte[] bytes = damaged.clone();
            bytes[i] ^= 0x15;
            String pem = Pem.write("CERTIFICATE REQUEST", bytes);
            assertThatThrownBy(() -> CertificateRequest.key(pem))
                    .as("byte %s", i)
                    .isInstanceOf(InvalidConfigurationException.class);
        }
        for (String rubbish : new String[] {"", "x", Pem.write("CERTIFICATE REQUEST", new byte[100])}) {
            assertThatThrownBy(() -> CertificateRequest.key(rubbish)).isInstanceOf(InvalidConfigurationException.class);
        }
    }

    @Test
    void aBodyThatIsNoRequestOrTooLargeIsTheCallersFault() {
        WebClient stranger = JoinedRuntime.stranger(plane.vertx(), authority());
        for (String body : new String[] {"", "null", "{", "[]", "{\"token\":7}", "\u0000"}) {
            assertThat(await(stranger.post(plane.runtimeApiPort(), "127.0.0.1", RuntimeApi.ENROLMENT_PATH)
                                    .sendBuffer(Buffer.buffer(body)))
                            .statusCode())
                    .as(body)
                    .isEqualTo(422);
        }
        assertThat(await(stranger.post(plane.runtimeApiPort(), "127.0.0.1", RuntimeApi.ENROLMENT_PATH)
                                .sendBuffer(Buffer.buffer(new byte[EnrolmentApi.MAX_BODY_BYTES + 1])))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void aServerOfAnotherAuthorityIsNotTheControlPlane() {
        String other = TestIssuer.namedLike(plane.trust()).pem();
        JoinedRuntime deceived = new JoinedRuntime(plane.vertx(), other, UUID.randomUUID());

        assertThatThrownBy(() -> await(deceived.joining(plane.runtimeApiPort(), token("{}"))))
                .isNotInstanceOf(AssertionError.class);
    }

    private int joinStatus(JoinedRuntime runtime, String token) {
        JoinedRuntime again = new JoinedRuntime(plane.vertx(), authority(), runtime.id());
        again.keys(runtime.keys());
        return await(again.joining(plane.runtimeApiPort(), token)).statusCode();
    }

    private ObjectNode entry() {
        return (ObjectNode) plane.json("/v1/runtime-groups/" + group.group() + "/runtimes")
                .path("data")
                .path(0);
    }

    private ObjectNode listed(String token) {
        String id = JoinToken.parse(token).id();
        for (var entry :
                plane.json("/v1/runtime-groups/" + group.group() + "/tokens").path("data")) {
            if (entry.path("id").asText().equals(id)) {
                return (ObjectNode) entry;
            }
        }
        throw new AssertionError("It is not listed");
    }

    private static int snapshot(WebClient web) {
        return await(web.get(plane.runtimeApiPort(), "127.0.0.1", RuntimeApi.SNAPSHOT_PATH)
                        .send())
                .statusCode();
    }

    private String token(String body) {
        return plane.post("/v1/runtime-groups/" + group.group() + "/tokens", body)
                .path("token")
                .asText();
    }

    private JoinedRuntime joined() {
        return plane.joined(UUID.randomUUID(), group.groupId());
    }

    private static JoinedRuntime fresh() {
        return new JoinedRuntime(plane.vertx(), authority(), UUID.randomUUID());
    }

    private static String authority() {
        return plane.trust().authorities().api().pem();
    }
}
