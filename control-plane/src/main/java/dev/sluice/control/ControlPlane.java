package dev.sluice.control;

import dev.sluice.control.audit.AuditTrail;
import dev.sluice.control.certificate.CertificateApi;
import dev.sluice.control.db.Database;
import dev.sluice.control.enrolment.FirstToken;
import dev.sluice.control.group.GroupStore;
import dev.sluice.control.group.GroupsApi;
import dev.sluice.control.http.ApiServer;
import dev.sluice.control.http.Contract;
import dev.sluice.control.http.RestApi;
import dev.sluice.control.implementation.ImplementationApi;
import dev.sluice.control.match.MatchApi;
import dev.sluice.control.metrics.ControlPlaneMeters;
import dev.sluice.control.owner.OwnerStore;
import dev.sluice.control.people.People;
import dev.sluice.control.people.Tokens;
import dev.sluice.control.publish.Fleet;
import dev.sluice.control.publish.TargetHealthApi;
import dev.sluice.control.revision.AddressCheck;
import dev.sluice.control.revision.ConfigWriter;
import dev.sluice.control.revision.EntityStore;
import dev.sluice.control.revision.EpochApi;
import dev.sluice.control.revision.RevisionPruning;
import dev.sluice.control.revision.RevisionsApi;
import dev.sluice.control.revision.Snapshots;
import dev.sluice.control.route.RouteApi;
import dev.sluice.control.seal.ContentKeys;
import dev.sluice.control.seal.Reseal;
import dev.sluice.control.seal.SealedColumn;
import dev.sluice.control.service.ServiceApi;
import dev.sluice.control.target.TargetApi;
import dev.sluice.control.trust.Authorities;
import dev.sluice.control.trust.PlaneTrust;
import dev.sluice.control.trust.SigningKeys;
import dev.sluice.control.upstream.UpstreamApi;
import dev.sluice.control.upstream.UpstreamFinder;
import dev.sluice.control.version.VersionApi;
import dev.sluice.control.version.VersionStore;
import dev.sluice.model.net.Resolver;
import dev.sluice.model.settings.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A control plane, put together: everything gets what it needs by its constructor, here and nowhere else. */
public final class ControlPlane {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
    private static final long GRACE_SECONDS = 10;

    /** Every column that holds values sealed under the secret key. */
    private static final List<SealedColumn> SEALED =
            List.of(ContentKeys.COLUMN, Authorities.COLUMN, SigningKeys.COLUMN);

    private final ApiServer server;
    private final HostPort api;
    private final HostPort runtimeApi;
    private final Database database;
    private final Fleet fleet;
    private final RevisionPruning pruning;
    private final People people;
    private final @Nullable String firstToken;

    private ControlPlane(
            ApiServer server, HostPort api, HostPort runtimeApi, Parts parts, @Nullable String firstToken) {
        this.server = server;
        this.api = api;
        this.runtimeApi = runtimeApi;
        this.database = parts.database;
        this.fleet = parts.fleet;
        this.pruning = parts.pruning;
        this.people = parts.people;
        this.firstToken = firstToken;
    }

    /**
     * Starts one. The REST API listens at once and says that it is not ready until the database is; that is waited for,
     * however long it takes.
     *
     * @param meters whose Vert.x metrics the given Vert.x may have, or not
     */
    public static Future<ControlPlane> start(Vertx vertx, ControlPlaneSettings settings, ControlPlaneMeters meters) {
        return start(vertx, settings, meters, InetAddress::getAllByName);
    }

    /** @param resolver finds the addresses of upstreams' names */
    static Future<ControlPlane> start(
            Vertx vertx, ControlPlaneSettings settings, ControlPlaneMeters meters, Resolver resolver) {
        AddressCheck addresses = new AddressCheck(vertx, settings.deniedNetworks(), resolver);
        warnOfPlainHttp(settings);
        return ApiServer.listen(vertx, settings.apiBind(), settings.apiCertificate())
                .compose(server -> Database.open(vertx, settings)
                        .compose(database -> start(vertx, settings, meters, addresses, server, database))
                        .recover(failure -> server.close(0).transform(closed -> Future.failedFuture(failure))));
    }

    private static Future<ControlPlane> start(
            Vertx vertx,
            ControlPlaneSettings settings,
            ControlPlaneMeters meters,
            AddressCheck addresses,
            ApiServer server,
            Database database) {
        Tokens tokens = new Tokens(database, settings.adminToken());
        ContentKeys contentKeys = new ContentKeys(database, settings.secretKeys());
        return new Reseal(database, settings.secretKeys(), SEALED)
                .run()
                .compose(done -> PlaneTrust.open(vertx, settings, database, contentKeys))
                .compose(trust -> new FirstToken(database)
                        .accept(
                                settings.trust().joinToken(),
                                trust.authorities().api())
                        .compose(done -> vertx.executeBlocking(Contract::read))
                        .compose(contract -> People.make(vertx, database, tokens)
                                .map(people -> new Parts(
                                        vertx, settings, database, trust, meters, addresses, contract, tokens,
                                        people))))
                .compose(parts -> parts.fleet.start().compose(runtimeApi -> {
                    parts.pruning.start();
                    parts.people.start();
                    parts.serve(server, meters);
                    HostPort api = new HostPort(settings.apiBind().host(), server.port());
                    // Last: it is shown once, so nothing may fail between its making and its showing.
                    return tokens.makeFirst()
                            .map(firstToken -> new ControlPlane(server, api, runtimeApi, parts, firstToken));
                }));
    }

    private static void warnOfPlainHttp(ControlPlaneSettings settings) {
        String host = settings.apiBind().host();
        boolean loopback = host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
        if (settings.apiCertificate() == null && !loopback) {
            LOG.warn(
                    "The REST API at {} is not on loopback and speaks plain http: passwords and tokens can be read on"
                            + " the way. Set SLUICE_API_TLS_CERTIFICATE_FILE and SLUICE_API_TLS_KEY_FILE.",
                    settings.apiBind());
        }
    }

    /** The objects of one control plane, in the order in which they need each other. */
    private static final class Parts {
        private final Database database;
        private final Fleet fleet;
        private final RevisionPruning pruning;
        private final People people;
        private final RestApi rest;

        Parts(
                Vertx vertx,
                ControlPlaneSettings settings,
                Database database,
                PlaneTrust trust,
                ControlPlaneMeters meters,
                AddressCheck addresses,
                Contract contract,
                Tokens tokens,
                People people) {
            this.database = database;
            this.people = people;
            Snapshots snapshots = new Snapshots(vertx, database);
            fleet = new Fleet(vertx, settings, database, snapshots, trust, meters);
            pruning = new RevisionPruning(vertx, database);
            ConfigWriter writer = new ConfigWriter(vertx, database, snapshots, addresses, fleet.headListener());
            EntityStore entities = new EntityStore();
            OwnerStore owners = new OwnerStore();
            VersionStore versions = new VersionStore();
            GroupStore groups = new GroupStore();
            AuditTrail audit = new AuditTrail(database);
            rest = new RestApi(vertx, contract, tokens, fleet.gate(), audit::ended, meters::requestEnded)
                    .behind(settings.trustedProxies());
            new ServiceApi(database, writer, entities, owners, versions).register(rest);
            new VersionApi(database, writer, entities, owners, versions).register(rest);
            new ImplementationApi(database, writer, entities, owners).register(rest);
            new RouteApi(database, writer, entities, owners).register(rest);
            new CertificateApi(vertx, database, writer, entities, owners, trust.contentKeys()).register(rest);
            UpstreamFinder upstreams = new UpstreamFinder(entities, owners);
            new UpstreamApi(database, writer, entities, owners, upstreams).register(rest);
            new TargetApi(database, writer, entities, upstreams).register(rest);
            new TargetHealthApi(database, entities, upstreams).register(rest);
            new MatchApi(vertx, database, owners, snapshots).register(rest);
            new GroupsApi(database, groups).register(rest);
            new RevisionsApi(vertx, database, groups, snapshots, writer, trust.signingKeys()::sign).register(rest);
            new EpochApi(database, groups, writer).register(rest);
            fleet.register(rest);
            people.register(rest);
        }

        void serve(ApiServer server, ControlPlaneMeters meters) {
            server.serve(this::ready, router -> {
                router.get("/metrics").handler(meters::scrape);
                rest.mount(router);
            });
        }

        private Future<Void> ready() {
            return database.read(client -> client.query("SELECT 1").execute()).mapEmpty();
        }
    }

    /** Where the REST API listens. */
    public HostPort api() {
        return api;
    }

    /** Where runtimes call. */
    public HostPort runtimeApi() {
        return runtimeApi;
    }

    /** The administrator's token that this start has made, to be shown once; null when there was one already. */
    public @Nullable String firstToken() {
        return firstToken;
    }

    /** Stops taking requests, finishes those in flight, then lets go of runtimes, cluster and database. */
    public Future<Void> close() {
        pruning.stop();
        people.stop();
        return fleet.stop().transform(done -> server.close(GRACE_SECONDS)).transform(done -> database.close());
    }
}
