package dev.sluice.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sluice.model.settings.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * All of Sluice for one test class, on a database of its own: {@code @RegisterExtension static final Sluice SLUICE =
 * Sluice.with(1, 2);} starts a control plane, two runtimes and echo, and stops them after the last test.
 */
final class Sluice implements BeforeAllCallback, AfterTestExecutionCallback, AfterAllCallback {
    private static final int LOG_LINES = 120;

    private final int controlPlaneCount;
    private final int runtimeCount;
    private final Map<Setting, String> settings = new EnumMap<>(Setting.class);
    private final String token =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()) + "-admin-token";
    private final List<Member> controlPlanes = new ArrayList<>();
    private final List<Member> runtimes = new ArrayList<>();
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.MINUTES);
    private Supplier<Release> release = Release::current;
    private @Nullable Fleet fleet;
    private @Nullable Member echo;
    private @Nullable String databaseUri;

    private Sluice(int controlPlaneCount, int runtimeCount) {
        this.controlPlaneCount = controlPlaneCount;
        this.runtimeCount = runtimeCount;
    }

    static Sluice with(int controlPlanes, int runtimes) {
        return new Sluice(controlPlanes, runtimes);
    }

    /** The same, with a setting of all its processes. */
    Sluice set(Setting setting, String value) {
        settings.put(setting, value);
        return this;
    }

    /** The same, its processes being of this release, until told otherwise; asked for when they are about to start. */
    Sluice of(Supplier<Release> other) {
        release = other;
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Path directory =
                DatabaseServer.DIRECTORY.resolve(context.getRequiredTestClass().getSimpleName());
        Files.createDirectories(directory);
        String uri = DatabaseServer.newDatabase();
        databaseUri = uri;
        Fleet made = new Fleet(
                release.get(), Files.createTempDirectory(directory, "run-"), uri, token, controlPlaneCount, settings);
        fleet = made;
        echo = made.echo();
        IntStream.range(0, controlPlaneCount).mapToObj(made::controlPlane).forEach(controlPlanes::add);
        try {
            members().forEach(Member::start);
            members().forEach(Member::awaitReady);
            IntStream.range(0, runtimeCount)
                    .mapToObj(index -> made.runtime(index, joinToken()))
                    .forEach(runtimes::add);
            runtimes.forEach(Member::start);
            runtimes.forEach(Member::awaitReady);
        } catch (RuntimeException | AssertionError e) {
            showLogs(context);
            endAll();
            throw e;
        }
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            showLogs(context);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        endAll();
    }

    /** The REST API of the first control plane, as its administrator. */
    ApiClient api() {
        return api(0);
    }

    ApiClient api(int controlPlane) {
        return ApiClient.of(controlPlane(controlPlane).address(), token);
    }

    /** When this class began, for {@code from} of the status. */
    String start() {
        return start.toString();
    }

    String token() {
        return token;
    }

    Member controlPlane(int index) {
        return controlPlanes.get(index);
    }

    /** A runtime; its address is that of its proxy. */
    Member runtime(int index) {
        return runtimes.get(index);
    }

    List<Member> runtimes() {
        return Collections.unmodifiableList(runtimes);
    }

    /** One more runtime, started and ready; it is stopped with the others. */
    Member addRuntime() {
        Member added = addRuntime(joinToken());
        added.awaitReady();
        return added;
    }

    /** One more runtime, started with this token, whether it may join or not; it is stopped with the others. */
    Member addRuntime(String joinToken) {
        Member added = Objects.requireNonNull(fleet, "not started").runtime(runtimes.size(), joinToken);
        runtimes.add(added);
        added.start();
        return added;
    }

    /** A new token for one runtime of the default group. */
    String joinToken() {
        return api().post("/v1/runtime-groups/default/tokens", Map.of())
                .require(201)
                .body()
                .path("token")
                .asText();
    }

    Member echo() {
        if (echo == null) {
            throw new IllegalStateException("Not started");
        }
        return echo;
    }

    /** A session of one's own on the database of this class; for what no API shows. */
    Connection connect() throws SQLException {
        return DatabaseServer.connect(Objects.requireNonNull(databaseUri, "not started"));
    }

    /** Declares a service of this name with version {@code v.1}, its traffic going to echo; waits for the fleet. */
    void declare(String service, String path, Map<String, ?> route) {
        api().post("/v1/services", Map.of("name", service, "version", "v.1")).require(201);
        api().waiting(10)
                .post(
                        "/v1/services/" + service + "/versions/v.1/implementation",
                        Map.of("url", echo().address(path).toString(), "route", route))
                .require(201);
    }

    /** Makes the first runtime's address the proxy URL that versions show, as an operator does for a fleet. */
    void showProxyUrl() {
        api().patch(
                        "/v1/runtime-groups/default",
                        Map.of("proxy_url", runtime(0).address().toString()))
                .require(200);
    }

    /** What the directory says of a runtime, by its name. */
    JsonNode directoryEntry(int controlPlane, Member runtime) {
        JsonNode runtimes = api(controlPlane)
                .get("/v1/runtime-groups/default/runtimes")
                .require(200)
                .body()
                .path("data");
        for (JsonNode entry : runtimes) {
            if (entry.path("name").asText().equals(runtime.name())) {
                return entry;
            }
        }
        return MissingNode.getInstance();
    }

    /** The number of the default group's head. */
    long headRevision(int controlPlane) {
        return api(controlPlane)
                .get("/v1/runtime-groups/default")
                .require(200)
                .body()
                .path("head")
                .path("revision")
                .asLong(-1);
    }

    /** The server, shared with the classes that run later: who stops it starts it again. */
    TestDatabase database() {
        return DatabaseServer.running();
    }

    private List<Member> members() {
        List<Member> members = new ArrayList<>(runtimes);
        members.addAll(controlPlanes);
        if (echo != null) {
            members.add(echo);
        }
        return members;
    }

    private void endAll() {
        members().forEach(Member::end);
    }

    private void showLogs(ExtensionContext context) {
        StringBuilder text = new StringBuilder("\n==== Logs of " + context.getDisplayName() + "\n");
        for (Member member : members()) {
            text.append("---- ").append(member.name()).append('\n');
            text.append(member.log(LOG_LINES)).append('\n');
        }
        text.append("---- PostgreSQL\n").append(database().logTail(30)).append('\n');
        System.err.println(text);
    }
}
