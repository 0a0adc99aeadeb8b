package dev.sluice.control.people;

import dev.sluice.control.db.Database;
import dev.sluice.control.http.Operations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** All that a control plane does for people, put together: the composition makes one, registers and starts it. */
public final class People {
    private final PeopleUpkeep upkeep;
    private final UsersApi users;
    private final TokensApi tokens;
    private final SessionApi session;
    private final AuditApi audit;

    private People(Vertx vertx, Database database, Tokens known, Passwords passwords) {
        Administrators administrators = new Administrators(known.hasSetting());
        this.upkeep = new PeopleUpkeep(vertx, database);
        this.users = new UsersApi(database, passwords, administrators);
        this.tokens = new TokensApi(database, administrators);
        this.session = new SessionApi(database, new Login(database, passwords, known), known);
        this.audit = new AuditApi(database);
    }

    /** Makes one; it hashes a password for that, elsewhere than on the event loop. */
    public static Future<People> make(Vertx vertx, Database database, Tokens known) {
        return vertx.executeBlocking(() -> new Passwords(vertx))
                .map(passwords -> new People(vertx, database, known, passwords));
    }

    public void register(Operations operations) {
        users.register(operations);
        tokens.register(operations);
        session.register(operations);
        audit.register(operations);
    }

    public void start() {
        upkeep.start();
    }

    public void stop() {
        upkeep.stop();
    }
}
