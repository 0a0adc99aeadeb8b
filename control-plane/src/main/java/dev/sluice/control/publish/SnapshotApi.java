package dev.sluice.control.publish;

import dev.sluice.control.enrolment.RuntimeCaller;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.failure.UnavailableException;
import dev.sluice.control.trust.SigningKeys;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.snapshot.SnapshotFormat;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET snapshot}: a group's head. What was served last is kept, compressed; it is served again for as long as it is
 * the head, and also when the database does not say what the head is.
 */
final class SnapshotApi {
    static final String EPOCH_HEADER = "Sluice-Epoch";
    static final String REVISION_HEADER = "Sluice-Revision";
    private static final Logger log = LoggerFactory.getLogger(SnapshotApi.class);
    private static final long PATIENCE_MS = 2000;

    private final Vertx vertx;
    private final Function<UUID, Future<Snapshot>> heads;
    private final SigningKeys signingKeys;
    private final Map<UUID, Encoding> served = new ConcurrentHashMap<>();
    private volatile boolean fromMemory;

    /** A head that is being signed and compressed, or was. */
    private record Encoding(String etag, String signer, Future<EncodedSnapshot> future) {
        private boolean isOf(Snapshot snapshot, String key) {
            return etag.equals(snapshot.etag()) && signer.equals(key) && !future.failed();
        }
    }

    /** @param heads finds a group's head by the group's id; fails with NotFoundException */
    SnapshotApi(Vertx vertx, Function<UUID, Future<Snapshot>> heads, SigningKeys signingKeys) {
        this.vertx = vertx;
        this.heads = heads;
        this.signingKeys = signingKeys;
    }

    Future<Void> handle(RoutingContext web, RuntimeCaller caller) {
        return head(caller.groupId()).compose(head -> answer(web, head));
    }

    private Future<EncodedSnapshot> head(UUID group) {
        return heads.apply(group)
                .timeout(PATIENCE_MS, TimeUnit.MILLISECONDS)
                .compose(
                        snapshot -> {
                            told(false, null);
                            return encoded(group, snapshot);
                        },
                        failure -> lastServed(group, failure));
    }

    /** One signature and compression a head, however many runtimes ask for it at the same time. */
    private Future<EncodedSnapshot> encoded(UUID group, Snapshot snapshot) {
        String signer = signingKeys.keyId();
        Encoding encoding = served.compute(
                group,
                (id, present) -> present != null && present.isOf(snapshot, signer)
                        ? present
                        : new Encoding(
                                snapshot.etag(),
                                signer,
                                vertx.executeBlocking(() -> EncodedSnapshot.of(signingKeys.sign(snapshot)), false)));
        return encoding.future;
    }

    private Future<EncodedSnapshot> lastServed(UUID group, Throwable failure) {
        if (failure instanceof NotFoundException) {
            Encoding ignored = served.remove(group);
            return Future.failedFuture(failure);
        }
        Encoding last = served.get(group);
        if (last == null) {
            return Future.failedFuture(new UnavailableException("The database does not answer just now."));
        }
        told(true, failure);
        return last.future;
    }

    private void told(boolean now, @Nullable Throwable failure) {
        if (now != fromMemory) {
            fromMemory = now;
            if (now) {
                log.warn("Snapshots are served from memory, the database does not answer: {}", String.valueOf(failure));
            } else {
                log.info("The database answers again");
            }
        }
    }

    private Future<Void> answer(RoutingContext web, EncodedSnapshot head) {
        HttpServerResponse response = web.response()
                .putHeader("ETag", head.etag())
                .putHeader("Vary", "Accept-Encoding")
                .putHeader("Cache-Control", "no-cache")
                .putHeader(
                        EPOCH_HEADER, Long.toString(head.snapshot().revision().epoch()))
                .putHeader(
                        REVISION_HEADER,
                        Long.toString(head.snapshot().revision().number()));
        if (names(web.request().getHeader("If-None-Match"), head.etag())) {
            return response.setStatusCode(304).end();
        }
        response.putHeader("Content-Type", SnapshotFormat.MEDIA_TYPE);
        if (takesGzip(web.request().getHeader("Accept-Encoding"))) {
            return response.putHeader("Content-Encoding", "gzip").end(head.gzip());
        }
        return vertx.executeBlocking(head::plain, false).compose(response::end);
    }

    /** Whether {@code If-None-Match} names this ETag (RFC 9110 13.1.2). */
    private static boolean names(@Nullable String ifNoneMatch, String etag) {
        if (ifNoneMatch == null) {
            return false;
        }
        return Arrays.stream(ifNoneMatch.split(",", -1))
                .map(String::strip)
                .anyMatch(tag -> tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag));
    }

    private static boolean takesGzip(@Nullable String acceptEncoding) {
        return acceptEncoding != null
                && Arrays.stream(acceptEncoding.toLowerCase(Locale.ROOT).split(",", -1))
                        .map(String::strip)
                        .anyMatch(coding -> coding.equals("gzip")
                                || (coding.startsWith("gzip;") && !coding.matches("gzip; *q=0(\\.0*)?")));
    }
}
