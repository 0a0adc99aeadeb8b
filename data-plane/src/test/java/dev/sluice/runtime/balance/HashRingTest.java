package dev.sluice.runtime.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.config.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class HashRingTest {
    private static final int KEYS = 20_000;

    private static Target target(int number, int weight) {
        return new Target(
                UUID.randomUUID(), new UUID(0, 1), Instant.EPOCH, "t" + number + ":80", weight, false, null, List.of());
    }

    private static List<Target> targets(int count) {
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            targets.add(target(i, 100));
        }
        return targets;
    }

    @Test
    void targetsGetKeysByWeight() {
        HashRing ring = new HashRing(List.of(target(1, 300), target(2, 100), target(3, 0)), 10_000);
        int[] found = new int[3];
        for (int i = 0; i < KEYS; i++) {
            found[ring.find(Hashes.of("key" + i), any -> true)]++;
        }
        assertThat(found[0] / (double) KEYS).isBetween(0.65, 0.85);
        assertThat(found[2]).isZero();
    }

    @Test
    void aTargetThatComesTakesKeysAndMovesNoneBetweenTheOthers() {
        List<Target> ten = targets(10);
        List<Target> nine = ten.subList(0, 9);
        HashRing before = new HashRing(nine, 10_000);
        HashRing after = new HashRing(ten, 10_000);
        int moved = 0;
        for (int i = 0; i < KEYS; i++) {
            long key = Hashes.of("key" + i);
            int old = before.find(key, any -> true);
            int now = after.find(key, any -> true);
            assertThat(now == old || now == 9).isTrue();
            moved += now == old ? 0 : 1;
        }
        assertThat(moved / (double) KEYS).isBetween(0.05, 0.16);
    }

    @Test
    void keysOfATargetThatIsOutGoToTheOthersAndAloneThoseMove() {
        HashRing ring = new HashRing(targets(5), 10_000);
        for (int i = 0; i < 1000; i++) {
            long key = Hashes.of("key" + i);
            int home = ring.find(key, any -> true);
            assertThat(ring.find(key, owner -> owner != 3)).isNotEqualTo(3);
            assertThat(home == 3 || ring.find(key, owner -> owner != 3) == home).isTrue();
        }
        assertThat(ring.find(1, none -> false)).isEqualTo(-1);
    }

    @Test
    void slotsBoundTheRingAndEveryTargetStaysOnIt() {
        HashRing ring = new HashRing(targets(50), 64);
        boolean[] seen = new boolean[50];
        for (int i = 0; i < KEYS; i++) {
            seen[ring.find(Hashes.of("key" + i), any -> true)] = true;
        }
        assertThat(seen).doesNotContain(false);
    }
}
