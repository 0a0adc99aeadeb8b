package dev.sluice.control;

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
    private @Nullable ControlPlane running;

    /** One that finds no name, whatever network the test runs in. */
    public RunningControlPlane() {
        this(name -> {
            throw new UnknownHostException(name);
        });
    }

    /** @param resolver finds the addresses of upstreams' names */
    public RunningControlPlane(Resolver resolver) {
        this.resolver = resolver;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        postgres.beforeAll(context);
        Vertx started = Vertx.vertx();
        vertx = started;
        running = ControlPlane.start(started, postgres.settings(), new ControlPlaneMeters(), resolver)
                .await(30, TimeUnit.SECONDS);
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
        return new ApiClient("http://127.0.0.1:" + apiPort(), "admin-token", ContractedAnswers.ofThisRelease());
    }
}
