package dev.sluice.control.db;

import java.time.Duration;

/**
 * How long things may take, so that a database that hangs does not hang requests.
 *
 * @param connect establishing a connection
 * @param acquire waiting for a free connection
 * @param statement one statement, by the server's own clock
 * @param work a whole transaction or read
 * @param silence a connection on which nothing comes is given up after this; longer than a statement may take
 * @param heartbeat between two signs of life on the connection that listens; shorter than {@code silence}
 */
record Limits(
        Duration connect, Duration acquire, Duration statement, Duration work, Duration silence, Duration heartbeat) {
    static final Limits DEFAULT = new Limits(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10));
}
