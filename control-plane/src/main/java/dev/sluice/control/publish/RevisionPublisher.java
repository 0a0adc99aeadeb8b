package dev.sluice.control.publish;

import dev.sluice.control.db.Database;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.metrics.ControlPlaneMeters;
import dev.sluice.control.revision.HeadListener;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.wire.RevisionAnnounced;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces every revision, whoever committed it: its own control plane's as it is told of them, the others' by their
 * notification and by reading all heads once a second. So a control plane that dies between commit and announcement
 * loses nothing. Every head is repeated each 3 seconds, also while the database does not answer, by which runtimes know
 * that the bus works.
 */
public final class RevisionPublisher implements HeadListener {
    static final String CHANNEL = "sluice_head";
    private static final Logger log = LoggerFactory.getLogger(RevisionPublisher.class);
    private static final long READ_MS = 1000;
    private static final long REPEAT_MS = 3000;

    private final Vertx vertx;
    private final Database database;
    private final Announcer announcer;
    private final ControlPlaneMeters meters;
    private final DirectoryStore store = new DirectoryStore();
    private final Map<UUID, Head> announced = new ConcurrentHashMap<>();
    private long readTimer = -1;
    private long repeatTimer = -1;
    private volatile boolean reading;

    public RevisionPublisher(Vertx vertx, Database database, Announcer announcer, ControlPlaneMeters meters) {
        this.vertx = vertx;
        this.database = database;
        this.announcer = announcer;
        this.meters = meters;
    }

    public void start() {
        database.listen(CHANNEL, group -> readHeads());
        readTimer = vertx.setPeriodic(0, READ_MS, id -> {
            if (!reading) {
                readHeads();
            }
        });
        repeatTimer = vertx.setPeriodic(REPEAT_MS, id -> announced.values().forEach(this::say));
    }

    public void stop() {
        for (long timer : new long[] {readTimer, repeatTimer}) {
            boolean ignored = vertx.cancelTimer(timer);
        }
    }

    @Override
    public void committed(List<Head> heads) {
        heads.forEach(this::announceOnce);
    }

    private void readHeads() {
        reading = true;
        database.read(store::heads).onComplete(result -> {
            reading = false;
            if (result.succeeded()) {
                take(result.result());
            } else {
                log.debug("Heads were not read, next try in a second", result.cause());
            }
        });
    }

    private void take(Collection<Head> heads) {
        heads.forEach(this::announceOnce);
        Set<UUID> present = heads.stream().map(Head::groupId).collect(Collectors.toSet());
        boolean ignored = announced.keySet().retainAll(present);
        meters.heads(announced.values().stream()
                .collect(Collectors.toMap(Head::group, head -> head.revision().number(), Math::max)));
    }

    /** What was read may be older than what was committed meanwhile: then it is passed over. */
    private void announceOnce(Head head) {
        announced.compute(head.groupId(), (id, last) -> {
            if (last == null || head.revision().isAfter(last.revision())) {
                say(head);
                return head;
            }
            return last.group().equals(head.group()) ? last : new Head(id, head.group(), last.revision());
        });
    }

    private void say(Head head) {
        Revision revision = head.revision();
        announcer.announce(new RevisionAnnounced(head.group(), revision.epoch(), revision.number()));
        meters.announced();
    }
}
