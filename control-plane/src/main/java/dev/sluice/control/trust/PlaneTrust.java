package dev.sluice.control.trust;

import dev.sluice.control.ControlPlaneSettings;
import dev.sluice.control.db.Database;
import dev.sluice.control.seal.ContentKeys;
import dev.sluice.control.trust.TrustStore.Plane;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.settings.InvalidSettingsException;
import dev.sluice.model.trust.BusIdentity;
import dev.sluice.model.trust.Pem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that one control plane needs to be believed by runtimes and to believe them, put together. */
public final class PlaneTrust {
    private static final Logger LOG = LoggerFactory.getLogger(PlaneTrust.class);
    private static final long BEAT_MS = 5000;
    private static final Duration SIGNING_LIFE = Duration.ofDays(730);
    private static final Duration BUS_LIFE = Duration.ofDays(398);

    private final Vertx vertx;
    private final Database database;
    private final ControlPlaneSettings settings;
    private final Authorities authorities;
    private final ContentKeys contentKeys;
    private final RuntimeCertificates certificates;
    private final TrustDocuments documents;
    private final SigningKeys signingKeys;
    private final ServerCertificate server;
    private final TrustStore store = new TrustStore();
    private final UUID id = UUID.randomUUID();
    private @Nullable Plane self;
    private long timer = -1;

    private PlaneTrust(
            Vertx vertx,
            Database database,
            ControlPlaneSettings settings,
            Authorities authorities,
            ContentKeys contentKeys) {
        this.vertx = vertx;
        this.database = database;
        this.settings = settings;
        this.authorities = authorities;
        this.contentKeys = contentKeys;
        Duration life = settings.trust().certificateLife();
        this.certificates = new RuntimeCertificates(authorities, life);
        this.documents = new TrustDocuments(vertx, database, authorities, contentKeys);
        this.signingKeys = new SigningKeys(vertx, database, settings.secretKeys(), authorities.api(), SIGNING_LIFE);
        this.server = new ServerCertificate(
                vertx,
                authorities.api(),
                ServerNames.of(
                        settings.trust().names(),
                        settings.runtimeApiBind(),
                        settings.trust().advertise()),
                life);
    }

    /**
     * With the authorities that are there, or new ones at the first start.
     *
     * @return fails with {@link InvalidSettingsException} when the settings do not fit what is there
     */
    public static Future<PlaneTrust> open(
            Vertx vertx, ControlPlaneSettings settings, Database database, ContentKeys contentKeys) {
        return Authorities.open(
                        database, settings.secretKeys(), settings.trust().authority())
                .map(authorities -> new PlaneTrust(vertx, database, settings, authorities, contentKeys))
                .compose(trust -> trust.signingKeys.open().map(trust));
    }

    public Authorities authorities() {
        return authorities;
    }

    /** The keys that seal secrets within groups' snapshots. */
    public ContentKeys contentKeys() {
        return contentKeys;
    }

    public RuntimeCertificates certificates() {
        return certificates;
    }

    public TrustDocuments documents() {
        return documents;
    }

    /** What signs snapshots. */
    public SigningKeys signingKeys() {
        return signingKeys;
    }

    /** What the runtime API shows its callers. */
    public ServerCertificate server() {
        return server;
    }

    /**
     * Who this control plane is on the event bus: a new key and certificate at each call, valid for more than a year, so
     * that no member has to leave for the sake of its certificate.
     */
    public BusIdentity busIdentity() {
        KeyPair keys = Authority.newKeyPair();
        Leaf leaf = new Leaf(
                "sluice-control-plane", keys.getPublic(), List.of(), List.of(Leaf.CLIENT, Leaf.SERVER), BUS_LIFE);
        return new BusIdentity(
                AuthorityForm.keyPem(keys.getPrivate()),
                Pem.write(authorities.bus().issue(leaf)),
                authorities.bus().pem());
    }

    /**
     * Enters this control plane into the list that runtimes get, and keeps it there.
     *
     * @param runtimeApi where the runtime API is bound
     */
    public Future<Void> start(HostPort runtimeApi) {
        HostPort reached = ServerNames.advertised(runtimeApi, settings.trust().advertise());
        Plane plane = new Plane("https://" + reached, member());
        self = plane;
        documents.start();
        signingKeys.start();
        timer = vertx.setPeriodic(BEAT_MS, fired -> beat(plane)
                .onFailure(
                        failure -> LOG.debug("The database did not hear that this control plane is there", failure)));
        return beat(plane).compose(done -> documents.read());
    }

    /** Takes it off that list. Never fails. */
    public Future<Void> stop() {
        boolean ignored = vertx.cancelTimer(timer);
        documents.stop();
        signingKeys.stop();
        server.stop();
        return self == null
                ? Future.succeededFuture()
                : database.read(client -> store.leave(client, id)).otherwiseEmpty();
    }

    private Future<Void> beat(Plane plane) {
        return database.read(client -> store.beat(client, id, plane));
    }

    private @Nullable String member() {
        if (settings.cluster() == null) {
            return null;
        }
        HostPort advertised = settings.cluster().memberAdvertise();
        return advertised.port() == 0
                ? null
                : ServerNames.advertised(advertised, null).toString();
    }
}
