package dev.sluice.launcher;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A real PostgreSQL server of one's own, on the loopback interface, with a password, and as durable as PostgreSQL is:
 * what it acknowledged survives the death of anything. It outlives this process unless it is stopped, and takes no
 * notice of a terminal's Ctrl-C; a server that an earlier process left behind on the same data is stopped first.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final String SUPERUSER_SECRET = "postgres-superuser";
    private static final String OWNER_SECRET = "postgres-owner";
    private static final int START_SECONDS = 60;
    private static final int STOP_SECONDS = 60;

    private final Path parent;
    private final Path data;
    private final Path log;
    private final Secrets secrets;
    private final int port;
    private final PostgresProgram program;
    private final PostgresAccount account;

    private EmbeddedDatabase(
            Path parent, Path log, Secrets secrets, int port, PostgresProgram program, PostgresAccount account) {
        this.parent = parent;
        this.data = parent.resolve("data");
        this.log = log;
        this.secrets = secrets;
        this.port = port;
        this.program = program;
        this.account = account;
    }

    /**
     * Makes what the server needs, but does not start it.
     *
     * @param directory of programs and data; data that is there is kept
     * @param log where the server's messages go, after what is there
     * @param secrets where its passwords are kept
     */
    public static EmbeddedDatabase prepare(Path directory, Path log, Secrets secrets, int port) {
        try {
            Path absolute = directory.toAbsolutePath();
            Files.createDirectories(absolute);
            Files.createDirectories(log.toAbsolutePath().getParent());
            PostgresProgram program = PostgresProgram.below(absolute);
            PostgresAccount account = PostgresAccount.choose();
            account.requireReach(program.path("postgres"));
            EmbeddedDatabase database = new EmbeddedDatabase(absolute, log, secrets, port, program, account);
            database.stopLeftover();
            database.initialise();
            return database;
        } catch (IOException e) {
            throw new StartFailedException("PostgreSQL cannot be prepared in " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Starts the server and returns when it takes connections. */
    public void start() {
        if (!Ports.isFree(port)) {
            throw new StartFailedException("PostgreSQL cannot listen on port " + port + ": it is taken");
        }
        String settings = "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
                + " -c fsync=on -c synchronous_commit=on -c full_page_writes=on";
        run(
                "start",
                START_SECONDS,
                program.path("pg_ctl"),
                "-D",
                data.toString(),
                "-w",
                "-t",
                "" + START_SECONDS,
                "-o",
                settings,
                "start");
    }

    /** Makes a database, owned by the account that {@link #uri} names, unless it is there. */
    public void createDatabase(String name) {
        PostgresSession.createDatabase(port, secrets.keep(SUPERUSER_SECRET), secrets.keep(OWNER_SECRET), name);
    }

    /** {@code postgresql://user:password@host:port/name}: how the owner of this database connects. */
    public String uri(String name) {
        return "postgresql://" + PostgresSession.OWNER + ":" + secrets.keep(OWNER_SECRET) + "@127.0.0.1:" + port + "/"
                + name;
    }

    public int port() {
        return port;
    }

    public Path log() {
        return log;
    }

    public boolean running() {
        return server().isPresent();
    }

    /** Ends sessions, writes out what is in memory, and returns when the server has ended; nothing if it did not run. */
    public void stop() {
        if (running()) {
            run(
                    "stop",
                    STOP_SECONDS,
                    program.path("pg_ctl"),
                    "-D",
                    data.toString(),
                    "-w",
                    "-t",
                    "" + STOP_SECONDS,
                    "-m",
                    "fast",
                    "stop");
        }
    }

    /** SIGKILL to the server; its sessions end by themselves when they notice. */
    public void kill() {
        server().ifPresent(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        stop();
    }

    /** Its last lines of output. */
    public String logTail(int lines) {
        return LogTail.of(log, lines);
    }

    /** The server that serves this data, by the file that it leaves there; a number that another process took is none. */
    private Optional<ProcessHandle> server() {
        Path file = data.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (var lines = Files.lines(file)) {
            return lines.findFirst()
                    .map(String::strip)
                    .map(Long::parseLong)
                    .flatMap(ProcessHandle::of)
                    .filter(ProcessHandle::isAlive)
                    .filter(EmbeddedDatabase::mayBePostgres);
        } catch (IOException | UncheckedIOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The system may keep another account's command to itself. */
    private static boolean mayBePostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> command.endsWith("/postgres"))
                .orElse(true);
    }

    private void stopLeftover() {
        if (running()) {
            stop();
        }
    }

    private void initialise() throws IOException {
        if (Files.exists(data)) {
            account.own(data);
            return;
        }
        Path draft = parent.resolve("data.new");
        PostgresProgram.deleteTree(draft);
        Files.createDirectory(draft);
        account.own(draft);
        Path password = secrets.file("initdb");
        Path readable = parent.resolve("initdb.password");
        secrets.write("initdb", secrets.keep(SUPERUSER_SECRET));
        Files.move(password, readable, StandardCopyOption.REPLACE_EXISTING);
        try {
            account.own(readable);
            run(
                    "initialise",
                    START_SECONDS,
                    program.path("initdb"),
                    "-D",
                    draft.toString(),
                    "-U",
                    "postgres",
                    "--auth=scram-sha-256",
                    "--pwfile=" + readable,
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8");
        } finally {
            Files.deleteIfExists(readable);
        }
        Files.move(draft, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private void run(String what, int seconds, String... command) {
        ProcessBuilder builder = new ProcessBuilder(account.command(List.of(command)))
                .directory(parent.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            Process process = builder.start();
            if (!process.waitFor(seconds + 10L, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            } else if (process.exitValue() == 0) {
                return;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new StartFailedException(
                "PostgreSQL did not " + what + ". The last lines of " + log + ":\n" + logTail(20));
    }
}
