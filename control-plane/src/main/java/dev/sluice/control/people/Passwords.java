package dev.sluice.control.people;

import dev.sluice.control.failure.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Hashes and checks passwords on two threads of its own, so that whoever tries many of them takes neither the event loops
 * nor the memory of this process.
 */
final class Passwords {
    private static final int THREADS = 2;
    private static final int MOST_WAITING = 50;

    private final WorkerExecutor workers;
    private final AtomicInteger waiting = new AtomicInteger();

    /** Of no password, so that a user who does not exist takes as long as one who does. */
    private final String ofNobody = Argon2.hash(Secret.make());

    /** Hashes once, so it is not for an event loop. */
    Passwords(Vertx vertx) {
        this.workers = vertx.createSharedWorkerExecutor("sluice-passwords", THREADS);
    }

    /** Fails with {@link UnavailableException} where too many are waiting. */
    Future<String> hash(String password) {
        return run(() -> Argon2.hash(password));
    }

    /**
     * Whether this is the password.
     *
     * @param hash of the user's password; null when there is no such user: then false, after the usual time
     */
    Future<Boolean> matches(String password, @Nullable String hash) {
        return run(() -> {
            boolean same = Argon2.matches(password, hash == null ? ofNobody : hash);
            return same && hash != null;
        });
    }

    private <T> Future<T> run(Callable<T> work) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            int ignored = waiting.decrementAndGet();
            return Future.failedFuture(new UnavailableException("Too many log in just now."));
        }
        return workers.executeBlocking(work, false).onComplete(done -> waiting.decrementAndGet());
    }
}
