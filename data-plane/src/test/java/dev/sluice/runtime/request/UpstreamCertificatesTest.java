package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.config.CaCertificate;
import dev.sluice.model.config.Certificate;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Implementation;
import dev.sluice.model.config.Route;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.SealingKey;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.runtime.MadeCertificate;
import dev.sluice.runtime.snapshot.CompiledSnapshot;
import dev.sluice.runtime.snapshot.RefusedSnapshotException;
import dev.sluice.runtime.snapshot.SnapshotCompiler;
import dev.sluice.runtime.snapshot.SnapshotSource;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Upstreams with certificates of a company's own, seen through a runtime. */
class UpstreamCertificatesTest {
    private static final MadeCertificate ROOT = MadeCertificate.authority("root", null);
    private static final MadeCertificate MIDDLE = MadeCertificate.authority("middle", ROOT);
    private static final MadeCertificate SERVER = MadeCertificate.leaf("upstream", "EC P-256", MIDDLE);
    private static final MadeCertificate CLIENT = MadeCertificate.leaf("gateway", "EC P-256", ROOT);
    private static final MadeCertificate OTHER_CLIENT = MadeCertificate.leaf("other", "RSA 2048", ROOT);

    private final SealingKey sealing = SealingKey.random();
    private final SealingKeys contentKeys = new SealingKeys(sealing, List.of());
    private final SnapshotCompiler compiler = new SnapshotCompiler(Instant::now);
    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger connections = new AtomicInteger();
    private final UUID root = UUID.randomUUID();
    private final UUID shown = UUID.randomUUID();
    private final UUID version = UUID.randomUUID();
    private final UUID route = UUID.randomUUID();
    private final UUID implementation = UUID.randomUUID();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void anUpstreamThatAsksForACertificateIsShownIt() {
        HttpServer upstream = upstream(ClientAuth.REQUIRED);
        assertThat(ask(upstream, "'tls_verify':false,'client_certificate':'" + shown + "'")
                        .text())
                .isEqualTo("CN=gateway");
    }

    @Test
    void withoutTheCertificateItIsNotReached() {
        assertThat(ask(upstream(ClientAuth.REQUIRED), "'tls_verify':false").status())
                .isEqualTo(502);
    }

    @Test
    void ofTwoTheCertificateThatTheUpstreamKnowsIsShown() {
        HttpServer upstream = upstream(ClientAuth.REQUIRED);
        String both = "'tls_verify':false,'client_certificate':'" + shown + "'";
        assertThat(ask(upstream, both, certificate(CLIENT, OTHER_CLIENT), authority(ROOT))
                        .text())
                .isIn("CN=gateway", "CN=other");
    }

    @Test
    void anAuthorityOfItsOwnIsTrustedWhereItIsNamed() {
        HttpServer upstream = upstream(ClientAuth.NONE);
        assertThat(ask(upstream, "'ca_certificates':['" + root + "']").text()).isEqualTo("nobody");
        assertThat(ask(upstream, "'tags':[]").status()).isEqualTo(502);
        MadeCertificate stranger = MadeCertificate.authority("root", null);
        assertThat(ask(upstream, "'ca_certificates':['" + root + "']", certificate(CLIENT, null), authority(stranger))
                        .status())
                .isEqualTo(502);
    }

    @Test
    void theNameIsCheckedAgainstTheCertificateAsWell() {
        HttpServer upstream = upstream(ClientAuth.NONE);
        assertThat(ask(upstream, "'host':'localhost','ca_certificates':['" + root + "']")
                        .status())
                .isEqualTo(502);
        assertThat(ask(upstream, "'host':'localhost','tls_verify':false").text())
                .isEqualTo("nobody");
    }

    @ParameterizedTest
    @CsvSource({"0, 502", "1, 200", "5, 200"})
    void theCertificatesInBetweenAreCounted(int depth, int status) {
        assertThat(ask(upstream(ClientAuth.NONE), "'ca_certificates':['" + root + "'],'tls_verify_depth':" + depth)
                        .status())
                .isEqualTo(status);
    }

    @Test
    void whatOneImplementationDoesNotCheckAnotherDoes() {
        HttpServer upstream = upstream(ClientAuth.NONE);
        try (TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            gateway.swap(compile(upstream, "'tls_verify':false", List.of()));
            assertThat(client.get("/").status()).isEqualTo(200);
            gateway.swap(compile(upstream, "'tags':[]", List.of()));
            assertThat(client.get("/").status()).isEqualTo(502);
        }
    }

    @Test
    void connectionsSurviveAChangeThatDoesNotConcernThem() {
        HttpServer upstream = upstream(ClientAuth.REQUIRED);
        String fields = "'ca_certificates':['" + root + "'],'client_certificate':'" + shown + "'";
        Certificate first = certificate(CLIENT, null);
        Certificate tagged = new Certificate(
                first.id(), first.createdAt(), "named", first.cert(), first.key(), null, null, List.of("tag"));
        try (TestGateway gateway = new TestGateway();
                RawClient client = gateway.client()) {
            for (Certificate certificate : List.of(first, tagged)) {
                gateway.swap(compile(upstream, fields, List.of(entity(certificate), entity(authority(ROOT)))));
                assertThat(client.get("/").text()).isEqualTo("CN=gateway");
            }
            assertThat(connections).hasValue(1);
            gateway.swap(compile(
                    upstream, fields, List.of(entity(certificate(OTHER_CLIENT, null)), entity(authority(ROOT)))));
            assertThat(client.get("/").text()).isEqualTo("CN=other");
            assertThat(connections).hasValue(2);
        }
    }

    @Test
    void aKeyThatCannotBeOpenedRefusesTheSnapshot() {
        HttpServer upstream = upstream(ClientAuth.NONE);
        String fields = "'client_certificate':'" + shown + "'";
        List<Entity> entities = List.of(entity(certificate(CLIENT, null)));
        SealingKeys others = new SealingKeys(SealingKey.random(), List.of());
        Snapshot snapshot = snapshot(upstream, fields, entities);
        for (SealingKeys keys : Arrays.asList(others, null)) {
            assertThatThrownBy(() -> compiler.compile(snapshot, keys, SnapshotSource.DISK))
                    .isInstanceOf(RefusedSnapshotException.class)
                    .hasMessageContaining("certificates[" + shown + "].key: ")
                    .hasMessageNotContaining("PRIVATE KEY");
        }
        assertThat(compile(upstream, fields, entities).upstreamTls()).containsOnlyKeys(implementation);
    }

    private RawResponse ask(HttpServer upstream, String fields) {
        return ask(upstream, fields, certificate(CLIENT, null), authority(ROOT));
    }

    private RawResponse ask(HttpServer upstream, String fields, Certificate certificate, CaCertificate authority) {
        try (TestGateway gateway = new TestGateway()) {
            gateway.swap(compile(upstream, fields, List.of(entity(certificate), entity(authority))));
            return gateway.get("/");
        }
    }

    private CompiledSnapshot compile(HttpServer upstream, String fields, List<Entity> certificates) {
        return compiler.compile(snapshot(upstream, fields, certificates), contentKeys, SnapshotSource.CONTROL_PLANE);
    }

    private Snapshot snapshot(HttpServer upstream, String fields, List<Entity> certificates) {
        List<Entity> entities = new ArrayList<>(certificates);
        Implementation made = Declared.implementation(
                version, implementation, upstream.actualPort(), "{'protocol':'https','retries':0," + fields + "}");
        Route way = Declared.route(version, route, "{'paths':['/']}");
        entities.add(Entity.of(EntityKinds.IMPLEMENTATION, made.id(), ConfigJson.bytes(made)));
        entities.add(Entity.of(EntityKinds.ROUTE, way.id(), ConfigJson.bytes(way)));
        return Snapshot.of("default", new Revision(1, 1), entities);
    }

    private Certificate certificate(MadeCertificate made, @Nullable MadeCertificate alternative) {
        return new Certificate(
                shown,
                Instant.EPOCH,
                null,
                made.cert(),
                sealing.seal(Certificate.keyContext(shown), made.key().getBytes(StandardCharsets.US_ASCII)),
                alternative == null ? null : alternative.cert(),
                alternative == null
                        ? null
                        : sealing.seal(
                                Certificate.keyAltContext(shown),
                                alternative.key().getBytes(StandardCharsets.US_ASCII)),
                List.of());
    }

    private CaCertificate authority(MadeCertificate made) {
        return new CaCertificate(root, Instant.EPOCH, null, made.cert(), "…", List.of());
    }

    private static Entity entity(Certificate certificate) {
        return Entity.of(EntityKinds.CERTIFICATE, certificate.id(), ConfigJson.bytes(certificate));
    }

    private static Entity entity(CaCertificate authority) {
        return Entity.of(EntityKinds.CA_CERTIFICATE, authority.id(), ConfigJson.bytes(authority));
    }

    /** Answers with the name of the certificate that it was shown. */
    private HttpServer upstream(ClientAuth asks) {
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setClientAuth(asks)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertValue(Buffer.buffer(SERVER.cert() + MIDDLE.cert()))
                        .addKeyValue(Buffer.buffer(SERVER.key())))
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(ROOT.cert())));
        return vertx.createHttpServer(options)
                .connectionHandler(connection -> connections.incrementAndGet())
                .requestHandler(request ->
                        request.response().end(name(request.connection().sslSession())))
                .listen(0, "127.0.0.1")
                .await();
    }

    private static String name(javax.net.ssl.SSLSession session) {
        try {
            return ((X509Certificate) session.getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        } catch (SSLPeerUnverifiedException e) {
            return "nobody";
        }
    }
}
