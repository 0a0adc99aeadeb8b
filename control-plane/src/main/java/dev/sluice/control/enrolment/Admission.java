package dev.sluice.control.enrolment;

import dev.sluice.control.db.Database;
import dev.sluice.control.failure.UnavailableException;
import dev.sluice.control.trust.RuntimeCertificates;
import dev.sluice.model.trust.RuntimeName;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says at each request who calls: TLS has shown that the certificate is of our authority, here it must still be valid
 * (connections outlive certificates), be one that was issued, and not be revoked. The database is asked each time, but
 * not for long: while it does not answer, what was last known of a certificate counts.
 */
public final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final long PATIENCE_MS = 1000;
    private static final long REFRESH_MS = 60_000;

    private final Vertx vertx;
    private final Database database;
    private final IdentityStore store = new IdentityStore();
    private final Map<String, Standing> known = new ConcurrentHashMap<>();
    private final Map<UUID, Set<HttpConnection>> connections = new ConcurrentHashMap<>();
    private volatile long silentUntil = System.nanoTime();
    private long timer = -1;

    public Admission(Vertx vertx, Database database) {
        this.vertx = vertx;
        this.database = database;
    }

    /** Learns of all valid certificates, and from now on of revocations on other control planes. */
    public Future<Void> start() {
        database.listen(IdentityStore.CHANNEL, this::revoked);
        timer = vertx.setPeriodic(
                REFRESH_MS, id -> refresh().onFailure(failure -> LOG.debug("Standings were not read", failure)));
        return refresh();
    }

    public void stop() {
        boolean ignored = vertx.cancelTimer(timer);
    }

    /** Takes note of a connection, so that it can be cut when its runtime is revoked. */
    public void opened(HttpConnection connection) {
        X509Certificate certificate = certificate(connection);
        if (certificate == null) {
            return;
        }
        UUID runtime;
        try {
            runtime = RuntimeName.of(certificate).runtime();
        } catch (IllegalArgumentException e) {
            return; // of our authority, but nobody's who may call: each of its requests is refused
        }
        connections.merge(runtime, Set.of(connection), Admission::union);
        connection.closeHandler(
                closed -> connections.computeIfPresent(runtime, (id, open) -> without(open, connection)));
    }

    /**
     * Who calls.
     *
     * @return fails with {@link RefusedRuntimeException} when nobody who may; with {@link UnavailableException} when the
     *     database does not answer and nothing is known of the certificate
     */
    public Future<RuntimeCaller> caller(HttpConnection connection) {
        X509Certificate certificate = certificate(connection);
        if (certificate == null) {
            return refused(401, "No client certificate was shown: a runtime gets one when it joins.");
        }
        if (Instant.now().isAfter(certificate.getNotAfter().toInstant())) {
            return refused(401, "The certificate has expired. The runtime can join again with a new token.");
        }
        RuntimeName name;
        try {
            name = RuntimeName.of(certificate);
        } catch (IllegalArgumentException e) {
            return refused(403, e.getMessage() + ".");
        }
        return standing(RuntimeCertificates.serial(certificate)).map(standing -> standing.admit(name));
    }

    private Future<Standing> standing(String serial) {
        Standing last = known.get(serial);
        if (last != null && System.nanoTime() - silentUntil < 0) {
            return Future.succeededFuture(last);
        }
        Future<@Nullable Standing> asked = database.read(client -> store.standing(client, serial));
        // Where memory cannot help there is nothing to be gained by impatience.
        return (last == null ? asked : asked.timeout(PATIENCE_MS, TimeUnit.MILLISECONDS)).transform(result -> {
            if (result.failed()) {
                return fromMemory(serial);
            }
            Standing found = result.result();
            if (found == null) {
                Standing ignored = known.remove(serial);
                return Future.succeededFuture(new Standing(null, null, false));
            }
            known.put(serial, found);
            return Future.succeededFuture(found);
        });
    }

    private Future<Standing> fromMemory(String serial) {
        silentUntil = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        Standing last = known.get(serial);
        return last == null
                ? Future.failedFuture(new UnavailableException("The database does not answer just now."))
                : Future.succeededFuture(last);
    }

    private Future<Void> refresh() {
        return database.read(store::standings).map(found -> {
            boolean ignored = known.keySet().retainAll(found.keySet());
            known.putAll(found);
            return null;
        });
    }

    /** @param payload {@code RUNTIME SERIAL SERIAL …} */
    private void revoked(String payload) {
        List<String> words = List.of(payload.split(" ", -1));
        for (String serial : words.subList(1, words.size())) {
            Standing ignored = known.computeIfPresent(serial, (same, standing) -> standing.asRevoked());
        }
        Set<HttpConnection> open = connections.remove(UUID.fromString(words.get(0)));
        if (open != null) {
            open.forEach(connection -> connection.close().onFailure(failure -> LOG.debug("Already closed", failure)));
        }
    }

    private static Set<HttpConnection> union(Set<HttpConnection> some, Set<HttpConnection> others) {
        Set<HttpConnection> all = new HashSet<>(some);
        all.addAll(others);
        return Set.copyOf(all);
    }

    private static @Nullable Set<HttpConnection> without(Set<HttpConnection> open, HttpConnection one) {
        Set<HttpConnection> left = new HashSet<>(open);
        left.remove(one);
        return left.isEmpty() ? null : Set.copyOf(left);
    }

    private static Future<RuntimeCaller> refused(int status, String message) {
        return Future.failedFuture(new RefusedRuntimeException(status, message));
    }

    private static @Nullable X509Certificate certificate(HttpConnection connection) {
        try {
            List<Certificate> chain = connection.peerCertificates();
            return !chain.isEmpty() && chain.get(0) instanceof X509Certificate certificate ? certificate : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }
}
