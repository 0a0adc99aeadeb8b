package dev.sluice.runtime.request;

import dev.sluice.model.net.Cidr;
import dev.sluice.model.net.DeniedNetworks;
import dev.sluice.runtime.upstream.Lookup;
import dev.sluice.runtime.upstream.Names;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Names that mean what the test says, and a clock that goes on when the test says so. */
final class ControlledNames implements Lookup {
    private final Map<String, InetAddress[]> addresses = new ConcurrentHashMap<>();
    private final AtomicInteger lookups = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1); // it may wrap
    private volatile @Nullable CountDownLatch held;
    private volatile boolean silent;
    private volatile Duration kept = Duration.ofHours(1);

    /** @param numbers IP addresses; none: the name is unknown */
    void set(String name, String... numbers) {
        InetAddress[] parsed = new InetAddress[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            parsed[i] = address(numbers[i]);
        }
        addresses.put(name, parsed);
    }

    /** Whether nobody answers what names mean. */
    void silent(boolean now) {
        silent = now;
    }

    /** How long a name may be kept, as its owner says. */
    void keep(Duration time) {
        kept = time;
    }

    /** Lookups wait from now on, until {@link #release}. */
    void hold() {
        held = new CountDownLatch(1);
    }

    void release() {
        CountDownLatch latch = held;
        held = null;
        if (latch != null) {
            latch.countDown();
        }
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    int lookups() {
        return lookups.get();
    }

    TestGateway gateway(String... alsoDenied) {
        DeniedNetworks denied =
                DeniedNetworks.and(List.of(alsoDenied).stream().map(Cidr::parse).toList());
        return new TestGateway((Vertx vertx) -> new Names(vertx, denied, this, nanos::get));
    }

    @Override
    public Found find(String host) throws UnknownHostException {
        lookups.incrementAndGet();
        CountDownLatch latch = held;
        try {
            if (latch != null && !latch.await(30, TimeUnit.SECONDS)) {
                throw new UnknownHostException("never released");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (silent) {
            throw new Unanswered(host);
        }
        InetAddress[] found = addresses.get(host);
        if (found == null || found.length == 0) {
            throw new UnknownHostException(host);
        }
        return new Found(List.of(found), kept);
    }

    static InetAddress address(String number) {
        try {
            return InetAddress.getByName(number);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(number, e);
        }
    }
}
