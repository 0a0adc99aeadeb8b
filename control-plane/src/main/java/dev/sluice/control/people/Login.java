package dev.sluice.control.people;

import dev.sluice.control.access.Caller;
import dev.sluice.control.access.Principal;
import dev.sluice.control.access.Principal.Kind;
import dev.sluice.control.db.Database;
import dev.sluice.control.http.RefusedRequestException;
import dev.sluice.control.people.UserStore.Credentials;
import io.vertx.core.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Checks what people log in with. A user who does not exist is refused as one whose password is wrong, in the same time. */
final class Login {
    private final Database database;
    private final Passwords passwords;
    private final LoginAttempts attempts;
    private final Tokens tokens;
    private final UserStore users = new UserStore();

    Login(Database database, Passwords passwords, Tokens tokens) {
        this.database = database;
        this.passwords = passwords;
        this.attempts = new LoginAttempts(database);
        this.tokens = tokens;
    }

    /** Fails with 401, or with 429 where the address has to wait. */
    Future<Principal> withToken(String token, String address) {
        return attempts.begin(null, address)
                .compose(begun -> tokens.ofToken(token))
                .compose(holder -> holder == null
                        ? Future.failedFuture(new RefusedRequestException(401, "This token is not valid."))
                        : attempts.succeeded(null, address).map(holder));
    }

    /**
     * Fails with 401, or with 429 where the user or the address has to wait.
     *
     * @param claimed is told the user's name, if there is one
     */
    Future<Principal> withPassword(String user, String password, String address, Consumer<String> claimed) {
        return attempts.begin(user, address)
                .compose(begun -> database.read(client -> users.credentials(client, user)))
                .compose(known -> {
                    if (known != null) {
                        claimed.accept(user);
                    }
                    return matches(password, known);
                })
                .compose(known -> known == null || known.user().disabled()
                        ? Future.failedFuture(new RefusedRequestException(401, "User or password is wrong."))
                        : attempts.succeeded(user, address).map(principal(known.user())));
    }

    /** Hash of a user's new password; fails with 403 where the present one is not this, or with 429. */
    Future<String> change(Caller caller, String present, String next) {
        String user = caller.name();
        String address = caller.request().address();
        return attempts.begin(user, address)
                .compose(begun -> database.read(client -> users.credentials(client, user)))
                .compose(known -> matches(present, known))
                .compose(known -> known == null
                        ? Future.failedFuture(new RefusedRequestException(403, "The present password is another."))
                        : attempts.succeeded(user, address).compose(done -> passwords.hash(next)));
    }

    /** What was known, if this is the password. */
    private Future<@Nullable Credentials> matches(String password, @Nullable Credentials known) {
        return passwords
                .matches(password, known == null ? null : known.password())
                .map(same -> same ? known : null);
    }

    private static Principal principal(UserRow user) {
        return new Principal(Kind.USER, user.id(), user.name(), user.id(), user.grants(), null, null);
    }
}
