package dev.sluice.runtime.metrics;

import dev.sluice.model.snapshot.Revision;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** From the moment a revision is heard of until it is served, as a timer. For the control loop alone. */
public final class Propagation {
    private final NavigableMap<Revision, Long> heard = new TreeMap<>();
    private final Timer timer;

    public Propagation(MeterRegistry registry) {
        this.timer = Timer.builder("sluice.propagation")
                .description("From hearing of a revision to serving it")
                .register(registry);
    }

    /** A revision is heard of for the first time. */
    public void heard(Revision revision) {
        heard.put(revision, System.nanoTime());
        if (heard.size() > 100) {
            heard.pollFirstEntry();
        }
    }

    /** This revision, and with it all before, is served now. */
    public void served(Revision revision) {
        NavigableMap<Revision, Long> reached = heard.headMap(revision, true);
        reached.values().forEach(since -> timer.record(System.nanoTime() - since, TimeUnit.NANOSECONDS));
        reached.clear();
    }
}
