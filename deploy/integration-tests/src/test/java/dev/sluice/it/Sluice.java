package dev.sluice.it;

import dev.sluice.launcher.EmbeddedDatabase;
import dev.sluice.model.settings.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
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
    private @Nullable Fleet fleet;
    private @Nullable Member echo;

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

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Path directory =
                DatabaseServer.DIRECTORY.resolve(context.getRequiredTestClass().getSimpleName());
        Files.createDirectories(directory);
        Fleet made = new Fleet(
                Files.createTempDirectory(directory, "run-"),
                DatabaseServer.newDatabase(),
                token,
                controlPlaneCount,
                settings);
        fleet = made;
        echo = made.echo();
        IntStream.range(0, controlPlaneCount).mapToObj(made::controlPlane).forEach(controlPlanes::add);
        IntStream.range(0, runtimeCount).mapToObj(made::runtime).forEach(runtimes::add);
        try {
            members().forEach(Member::start);
            members().forEach(Member::awaitReady);
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
        if (fleet == null) {
            throw new IllegalStateException("Not started");
        }
        Member added = fleet.runtime(runtimes.size());
        runtimes.add(added);
        added.start();
        added.awaitReady();
        return added;
    }

    Member echo() {
        if (echo == null) {
            throw new IllegalStateException("Not started");
        }
        return echo;
    }

    /** The server, shared with the classes that run later: who stops it starts it again. */
    EmbeddedDatabase database() {
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
