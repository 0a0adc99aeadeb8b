package dev.sluice.runtime.request;

import dev.sluice.runtime.RuntimeSettings.ProxySettings;
import dev.sluice.runtime.accesslog.AccessLog;
import dev.sluice.runtime.admin.Lifecycle;
import dev.sluice.runtime.balance.Balancer;
import dev.sluice.runtime.balance.RetryBudgets;
import dev.sluice.runtime.metrics.LoopCounts;
import dev.sluice.runtime.metrics.ProxyMeters;
import dev.sluice.runtime.snapshot.SnapshotHolder;
import dev.sluice.runtime.upstream.Upstreams;
import io.vertx.core.Context;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What requests on one event loop share. All but the snapshots, the lifecycle, the meters, the sockets and the number in flight
 * belongs to that event loop.
 *
 * @param deadlines fine enough for attempts
 * @param longestStallMs a client that takes nothing for so long is gone
 * @param inFlight of all event loops
 * @param onDisk bytes of answers and request bodies that are held on disk, of all event loops
 * @param httpsPort by which clients reach TLS; -1 where there is none
 */
record Loop(
        Context context,
        ProxySettings settings,
        SnapshotHolder snapshots,
        Lifecycle lifecycle,
        LoopCounts counts,
        ProxyMeters meters,
        Sockets sockets,
        Upstreams upstreams,
        Balancer balancer,
        RetryBudgets retryBudgets,
        Deadlines deadlines,
        RequestIds ids,
        Observed observed,
        long longestStallMs,
        AtomicInteger inFlight,
        AtomicLong onDisk,
        IntSupplier httpsPort) {

    /** Who sees requests beside the counts: null where that is off. */
    record Observed(@Nullable AccessLog log, Trace.@Nullable Beginning tracing) {}

    /** Whether headers of this family are added: forwarded, via, request_id, latency. */
    boolean adds(String family) {
        return !settings.headersOff().contains(family);
    }
}
