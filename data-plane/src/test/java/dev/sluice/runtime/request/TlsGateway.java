package dev.sluice.runtime.request;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.model.config.Certificate;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Implementation;
import dev.sluice.model.config.Route;
import dev.sluice.model.config.Sni;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.SealingKey;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.runtime.MadeCertificate;
import dev.sluice.runtime.RuntimeSettings.ObservedSettings;
import dev.sluice.runtime.snapshot.SnapshotCompiler;
import dev.sluice.runtime.snapshot.SnapshotSource;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A gateway that is configured by snapshots, as they come from a control plane, with certificates and SNIs; before an
 * upstream that answers with the headers that it got, one a line.
 */
final class TlsGateway implements AutoCloseable {
    private final SealingKey sealing = SealingKey.random();
    private final SnapshotCompiler compiler = new SnapshotCompiler(Instant::now);
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer upstream;
    private final TestGateway gateway;
    private final Map<UUID, Entity> entities = new LinkedHashMap<>();
    private final UUID version = UUID.randomUUID();

    TlsGateway() {
        this(ObservedSettings.OFF);
    }

    TlsGateway(ObservedSettings observed) {
        this(new TestGateway(observed));
    }

    /** @param gateway closed with this */
    TlsGateway(TestGateway gateway) {
        this.gateway = gateway;
        upstream = vertx.createHttpServer()
                .requestHandler(TlsGateway::answer)
                .listen(0, "127.0.0.1")
                .await();
        implementation(version, upstream.actualPort());
    }

    private void implementation(UUID version, int port) {
        Implementation implementation = Declared.implementation(version, port, "{}");
        put(EntityKinds.IMPLEMENTATION, implementation.id(), implementation);
    }

    private static void answer(HttpServerRequest request) {
        StringBuilder lines = new StringBuilder();
        request.headers()
                .forEach((name, value) ->
                        lines.append(name).append(": ").append(value).append('\n'));
        request.response().end(lines.toString());
    }

    TestGateway gateway() {
        return gateway;
    }

    /** Declares a route to the upstream; served from {@link #swap} on. */
    @CanIgnoreReturnValue
    Route route(String json) {
        return route(version, json);
    }

    /** As {@link #route(String)}, to an upstream on this port. */
    @CanIgnoreReturnValue
    Route route(int port, String json) {
        UUID own = UUID.randomUUID();
        implementation(own, port);
        return route(own, json);
    }

    private Route route(UUID version, String json) {
        Route route = Declared.route(version, json);
        put(EntityKinds.ROUTE, route.id(), route);
        return route;
    }

    /** Serves these routes to the upstream, and no others. */
    void serveAlone(List<Route> routes) {
        entities.values().removeIf(entity -> entity.kind().equals(EntityKinds.ROUTE));
        routes.forEach(route -> put(EntityKinds.ROUTE, route.id(), route));
        swap();
    }

    /** The version whose implementation is the upstream. */
    UUID version() {
        return version;
    }

    UUID certificate(MadeCertificate made) {
        UUID id = UUID.randomUUID();
        certificate(id, made, null);
        return id;
    }

    /** Declares a certificate, in the place of an earlier one of this id. */
    void certificate(UUID id, MadeCertificate made, @Nullable MadeCertificate alternative) {
        Certificate certificate = new Certificate(
                id,
                Instant.EPOCH,
                null,
                made.cert(),
                sealing.seal(Certificate.keyContext(id), made.key().getBytes(StandardCharsets.US_ASCII)),
                alternative == null ? null : alternative.cert(),
                alternative == null
                        ? null
                        : sealing.seal(
                                Certificate.keyAltContext(id), alternative.key().getBytes(StandardCharsets.US_ASCII)),
                List.of());
        put(EntityKinds.CERTIFICATE, id, certificate);
    }

    void sni(String name, UUID certificate) {
        UUID id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        put(EntityKinds.SNI, id, new Sni(id, Instant.EPOCH, name, certificate, List.of()));
    }

    void withdraw(String sni) {
        entities.remove(UUID.nameUUIDFromBytes(sni.getBytes(StandardCharsets.UTF_8)));
    }

    private void put(String kind, UUID id, Record record) {
        entities.put(id, Entity.of(kind, id, ConfigJson.bytes(record)));
    }

    /** Serves all that was declared. */
    void swap() {
        Snapshot snapshot = Snapshot.of("default", new Revision(1, 1), List.copyOf(entities.values()));
        gateway.swap(compiler.compile(snapshot, new SealingKeys(sealing, List.of()), SnapshotSource.CONTROL_PLANE));
    }

    int upstreamPort() {
        return upstream.actualPort();
    }

    int port() {
        return gateway.tlsPort();
    }

    /** The common name in the certificate that a client is shown, in a handshake of its own. */
    String shown(@Nullable String sni, String... protocols) throws IOException {
        return TlsClient.shown(port(), sni, protocols);
    }

    SSLSocket connect(SSLContext context, @Nullable String sni, String... protocols) throws IOException {
        return TlsClient.connect(port(), context, sni, protocols);
    }

    @Override
    public void close() {
        gateway.close();
        vertx.close().await();
    }
}
