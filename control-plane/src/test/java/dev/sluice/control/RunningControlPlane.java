package dev.sluice.control;

import dev.sluice.control.db.Database;
import dev.sluice.control.db.PostgresExtension;
import dev.sluice.control.http.ContractedAnswers;
import dev.sluice.control.metrics.ControlPlaneMeters;
import dev.sluice.model.net.Resolver;
import io.vertx.core.Vertx;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A whole control plane on free ports and a new database for each test class: {@code @RegisterExtension static final
 * RunningControlPlane controlPlane = new RunningControlPlane();}
 */
public final class RunningControlPlane implements BeforeAllCallback, AfterAllCallback {
    private final PostgresExtension postgres = new PostgresExtension();
    private final Resolver resolver;
    private @Nullable Vertx vertx;
    private final boolean withAdminToken;
    private @Nullable ControlPlane running;
    private @Nullable Database database;

    /** With the administrator's token {@code admin-token}; it finds no name, whatever network the test runs in. */
    public RunningControlPlane() {
        this(true);
    }

    /** @param withAdminToken whether the settings have one; else the first start makes one */
    public RunningControlPlane(boolean withAdminToken) {
        this(
                name -> {
                    throw new UnknownHostException(name);
                },
                withAdminToken);
    }

    /** @param resolver finds the addresses of upstreams' names */
    public RunningControlPlane(Resolver resolver) {
        this(resolver, true);
    }

    private RunningControlPlane(Resolver resolver, boolean withAdminToken) {
        this.resolver = resolver;
        this.withAdminToken = withAdminToken;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        postgres.beforeAll(context);
        Vertx started = Vertx.vertx();
        vertx = started;
        running = ControlPlane.start(started, settings(), new ControlPlaneMeters(), resolver)
                .await(90, TimeUnit.SECONDS);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        try {
            if (running != null) {
                Void ignored = running.close().await(30, TimeUnit.SECONDS);
            }
            if (vertx != null) {
                Void ignored = vertx.close().await(30, TimeUnit.SECONDS);
            }
        } finally {
            postgres.afterAll(context);
        }
    }

    public int apiPort() {
        return Objects.requireNonNull(running).api().port();
    }

    /** Its database, as a setting says it. */
    public String databaseUri() {
        return postgres.uri();
    }

    /** A client with the administrator's token, which holds every answer against the contract. */
    public ApiClient client() {
        return client(Objects.requireNonNullElse(Objects.requireNonNull(running).firstToken(), "admin-token"));
    }

    /** A client with this token, or with none. */
    public ApiClient client(@Nullable String token) {
        return new ApiClient("http://127.0.0.1:" + apiPort(), token, ContractedAnswers.ofThisRelease());
    }

    public Vertx vertx() {
        return Objects.requireNonNull(vertx);
    }

    /** The same database, for what no operation shows or does. */
    public Database database() {
        if (database == null) {
            database = postgres.open(vertx());
        }
        return database;
    }

    private ControlPlaneSettings settings() {
        ControlPlaneSettings usual = postgres.settings();
        return withAdminToken
                ? usual
                : new ControlPlaneSettings(
                        usual.postgresUri(),
                        usual.postgresPoolSize(),
                        usual.apiBind(),
                        null,
                        usual.runtimeApiBind(),
                        null,
                        usual.secretKeys(),
                        usual.trust(),
                        usual.trustedProxies(),
                        usual.deniedNetworks(),
                        null);
    }
}
