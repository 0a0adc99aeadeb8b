package dev.sluice.control.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.fleet.Head;
import dev.sluice.model.wire.RevisionAnnounced;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@SuppressWarnings("NullAway.Init") // BeforeEach sets it
class RevisionPublisherTest {
    @RegisterExtension
    static final FleetHarness plane = new FleetHarness();

    private final List<RevisionAnnounced> heard = new CopyOnWriteArrayList<>();
    private RevisionPublisher publisher;

    @BeforeEach
    void start() {
        publisher = new RevisionPublisher(plane.vertx(), plane.database(), heard::add, plane.meters());
        publisher.start();
    }

    @AfterEach
    void stop() {
        publisher.stop();
    }

    private boolean announced(Head head) {
        return heard.contains(announcement(head));
    }

    private static RevisionAnnounced announcement(Head head) {
        return new RevisionAnnounced(
                head.group(), head.revision().epoch(), head.revision().number());
    }

    @Test
    void itsOwnCommitsAreAnnouncedAtOnceAndOnlyForwards() {
        Head first = plane.advance(plane.group("own"));
        Head second = plane.advance(first);
        publisher.committed(List.of(second));
        publisher.committed(List.of(first));

        // The publisher's own look at the heads may have announced what was there before.
        List<RevisionAnnounced> own =
                heard.stream().filter(one -> one.group().equals("own")).toList();
        assertThat(own).contains(announcement(second));
        assertThat(own.subList(own.indexOf(announcement(second)), own.size())).containsOnly(announcement(second));
    }

    @Test
    void aCommitThatAnotherControlPlaneNeverAnnouncedIsFoundAndAnnounced() {
        Head head = plane.advance(plane.group("orphaned"));

        plane.until("the head is announced", () -> announced(head));
        Head next = plane.advance(head);
        plane.until("the next head is announced", () -> announced(next));
    }

    @Test
    void headsAreRepeated() {
        Head head = plane.group("repeated");

        plane.until(
                "the head is announced three times",
                () -> heard.stream().filter(announcement(head)::equals).count() >= 3);
    }

    @Test
    void aHeadIsMeasured() {
        Head head = plane.advance(plane.group("measured"));

        plane.until(
                "the head shows",
                () -> plane.meters().scrape().contains("sluice_revision_head{group=\"" + head.group() + "\"} 1.0"));
    }
}
