package dev.sluice.control.publish;

import static dev.sluice.control.publish.FleetHarness.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.control.enrolment.JoinedRuntime;
import dev.sluice.control.fleet.Head;
import dev.sluice.model.snapshot.SignedSnapshot;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.snapshot.SnapshotFormat;
import dev.sluice.model.trust.Pem;
import dev.sluice.model.trust.SnapshotSigning;
import dev.sluice.model.trust.UntrustedSnapshotException;
import dev.sluice.model.wire.RuntimeApi;
import dev.sluice.model.wire.Trust;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every snapshot is signed, by one key on all control planes, which can be replaced without a gap. */
class SignedSnapshotsTest {
    @RegisterExtension
    static final FleetHarness plane = new FleetHarness();

    @Test
    void whatARuntimeGetsIsSignedCompressedOrNot() throws IOException {
        JoinedRuntime runtime = runtime();
        Buffer plain = get(runtime, plane.runtimeApiPort(), RuntimeApi.SNAPSHOT_PATH, "identity");
        Buffer gzip = get(runtime, plane.runtimeApiPort(), RuntimeApi.SNAPSHOT_PATH, "gzip");

        SignedSnapshot one = SnapshotFormat.readSigned(plain.getBytes());
        SignedSnapshot other = SnapshotFormat.readSigned(
                new GZIPInputStream(new ByteArrayInputStream(gzip.getBytes())).readAllBytes());

        assertTrusted(one, trust(runtime));
        assertThat(other.signature()).isEqualTo(one.signature());
        assertTrusted(other, trust(runtime));
    }

    @Test
    void aNewKeySignsEverywhereAtOnceAndTheFormerCountsUntilItRetires() {
        JoinedRuntime runtime = runtime();
        RuntimeApiServer another =
                plane.anotherServer(plane.postgres().settings(), name -> Future.succeededFuture(Snapshot.empty(name)));
        int anotherPort = await(another.listen()).port();
        await(another.trust().start(plane.postgres().settings().runtimeApiBind()));
        SignedSnapshot before = snapshot(runtime, plane.runtimeApiPort());
        String version = trust(runtime).version();

        JsonNode keys = plane.post("/v1/signing-keys", "{\"overlap\": 3600}").path("data");

        assertThat(keys.path(0).path("state").asText()).isEqualTo("signing");
        assertThat(keys.path(1).path("state").asText()).isEqualTo("accepted");
        SignedSnapshot after = snapshot(runtime, plane.runtimeApiPort());
        assertThat(after.snapshot().etag()).isEqualTo(before.snapshot().etag());
        assertThat(signer(after)).isNotEqualTo(signer(before));
        plane.until("the other control plane signs with it too", () -> signer(snapshot(runtime, anotherPort))
                .equals(signer(after)));
        assertTrusted(before, trust(runtime));
        assertTrusted(after, trust(runtime));
        assertThat(trust(runtime).version()).isEqualTo(version);

        plane.sql("UPDATE signing_key SET retires_at = now() WHERE retires_at IS NOT NULL");

        Trust retired = trust(runtime);
        assertThat(retired.version()).isNotEqualTo(version);
        assertThat(retired.retiredSigners()).contains(keys.path(1).path("id").asText());
        assertTrusted(after, retired);
        assertThatThrownBy(() -> verify(before, retired))
                .isInstanceOf(UntrustedSnapshotException.class)
                .hasMessageContaining("which is retired");
        await(another.trust().stop());
        await(another.close());
    }

    @Test
    void withoutOverlapTheFormerKeyCountsNoMore() {
        JoinedRuntime runtime = runtime();
        SignedSnapshot before = snapshot(runtime, plane.runtimeApiPort());

        JsonNode keys = plane.post("/v1/signing-keys", "{\"overlap\": 0}").path("data");

        assertThat(keys.path(1).path("state").asText()).isEqualTo("retired");
        assertThatThrownBy(() -> verify(before, trust(runtime))).isInstanceOf(UntrustedSnapshotException.class);
        assertTrusted(snapshot(runtime, plane.runtimeApiPort()), trust(runtime));
        assertThat(plane.json("/v1/signing-keys").path("data").path(0)).isEqualTo(keys.path(0));
    }

    @Test
    void reportsTellWhichTrustIsTheNewest() {
        Head group = plane.group("group-" + UUID.randomUUID());
        ReportingRuntime reporting = new ReportingRuntime("r1", group);
        plane.taken(reporting.report());
        JoinedRuntime runtime = plane.joined(reporting.id(), group.groupId());

        plane.until("the report's answer names it", () -> trust(runtime)
                .version()
                .equals(plane.taken(reporting.report()).trust()));
        plane.post("/v1/signing-keys", "{\"overlap\": 0}");
        String next = trust(runtime).version();

        plane.until(
                "the report's answer names the next",
                () -> next.equals(plane.taken(reporting.report()).trust()));
    }

    private static JoinedRuntime runtime() {
        return plane.joined(
                UUID.randomUUID(), plane.group("group-" + UUID.randomUUID()).groupId());
    }

    private static void assertTrusted(SignedSnapshot signed, Trust trust) {
        assertThatCode(() -> verify(signed, trust)).doesNotThrowAnyException();
    }

    private static void verify(SignedSnapshot signed, Trust trust) {
        SnapshotSigning.verify(
                signed,
                authority -> trust.authorities().contains(Pem.write(authority)),
                trust.retiredSigners(),
                Instant.now());
    }

    private static String signer(SignedSnapshot signed) {
        return Objects.requireNonNull(signed.signature()).signer();
    }

    private static SignedSnapshot snapshot(JoinedRuntime runtime, int port) {
        return SnapshotFormat.readSigned(
                get(runtime, port, RuntimeApi.SNAPSHOT_PATH, "identity").getBytes());
    }

    private static Trust trust(JoinedRuntime runtime) {
        return WireJson.read(
                Trust.class,
                get(runtime, plane.runtimeApiPort(), RuntimeApi.TRUST_PATH, "identity")
                        .getBytes());
    }

    private static Buffer get(JoinedRuntime runtime, int port, String path, String encoding) {
        HttpResponse<Buffer> response = await(runtime.web()
                .get(port, "127.0.0.1", path)
                .putHeader("Accept-Encoding", encoding)
                .send());
        assertThat(response.statusCode()).as("%s", response.bodyAsString()).isEqualTo(200);
        return response.body();
    }
}
