package dev.sluice.it;

/** A PostgreSQL server that tests may stop and start, and that keeps what it has acknowledged. */
interface TestDatabase {
    /** Returns when it takes connections; at the port where it was before. */
    void start();

    /** Returns when it has ended. */
    void stop();

    /** Makes a database, owned by the account that {@link #uri} names. */
    void createDatabase(String name);

    /** {@code postgresql://user:password@host:port/name} */
    String uri(String name);

    /** Its last lines of output. */
    String logTail(int lines);
}
