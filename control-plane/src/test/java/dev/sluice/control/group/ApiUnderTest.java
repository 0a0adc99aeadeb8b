package dev.sluice.control.group;

import dev.sluice.control.audit.AuditTrail;
import dev.sluice.control.db.Database;
import dev.sluice.control.http.ApiServer;
import dev.sluice.control.http.Contract;
import dev.sluice.control.http.Operation;
import dev.sluice.control.http.Operations;
import dev.sluice.control.http.RestApi;
import dev.sluice.control.people.Tokens;
import dev.sluice.model.settings.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The REST frame over HTTP with some of its operations; the others are refused. */
public final class ApiUnderTest {
    private static final Pattern OPERATION_ID = Pattern.compile("operationId: (\\w+)");

    private final WebClient client;
    private final int port;

    public ApiUnderTest(Vertx vertx, Database database, Consumer<Operations> register) {
        RestApi api = new RestApi(
                vertx,
                Contract.read(),
                new Tokens(database, "secret"),
                (heads, atMost) -> Future.succeededFuture(List.of()),
                new AuditTrail(database)::ended,
                (operation, status, took) -> {});
        Set<String> registered = new HashSet<>();
        register.accept(new Operations() {
            @Override
            public Operations on(String operationId, Operation operation) {
                registered.add(operationId);
                api.on(operationId, operation);
                return this;
            }
        });
        for (String id : operationIds()) {
            if (!registered.contains(id)) {
                api.on(id, call -> Future.failedFuture(new IllegalStateException("Not under test: " + id)));
            }
        }
        ApiServer server = await(ApiServer.listen(vertx, new HostPort("127.0.0.1", 0)));
        server.serve(Future::succeededFuture, api::mount);
        this.client = WebClient.create(vertx);
        this.port = server.port();
    }

    public HttpResponse<Buffer> get(String path) {
        return send(HttpMethod.GET, path, null, null);
    }

    public HttpResponse<Buffer> send(
            HttpMethod method, String path, @Nullable JsonObject body, @Nullable String ifMatch) {
        HttpRequest<Buffer> request =
                client.request(method, port, "127.0.0.1", path).putHeader("Authorization", "Bearer secret");
        if (ifMatch != null) {
            request.putHeader("If-Match", ifMatch);
        }
        if (body == null) {
            return await(request.send());
        }
        return await(request.putHeader("Content-Type", "application/json").sendBuffer(body.toBuffer()));
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("Not done in time", e);
        }
    }

    private static Set<String> operationIds() {
        try (InputStream in = Contract.class.getResourceAsStream("/openapi.yaml")) {
            if (in == null) {
                throw new IllegalStateException("There is no contract");
            }
            Matcher ids = OPERATION_ID.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            Set<String> found = new HashSet<>();
            while (ids.find()) {
                found.add(ids.group(1));
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
