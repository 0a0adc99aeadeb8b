package dev.sluice.runtime.balance;

import dev.sluice.model.config.Target;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The ring of consistent hashing: each target has points on it, by its weight, and a key belongs to the next point. The
 * points of a target depend on its address and weight alone, so that a target that comes or goes moves no keys between
 * the others. Immutable.
 */
final class HashRing {
    /** Of a target with the usual weight, 100. */
    private static final double POINTS_A_WEIGHT = 1.6;

    private final long[] points;
    private final int[] owners;
    private final int targets;

    /**
     * @param targets in the order that answers count in
     * @param slots most points of all; where there were more, all weights count half, a quarter, an eighth …
     */
    HashRing(List<Target> targets, int slots) {
        double scale = POINTS_A_WEIGHT;
        while (total(targets, scale) > Math.max(slots, targets.size())) {
            scale /= 2;
        }
        int total = total(targets, scale);
        long[][] made = new long[total][];
        int next = 0;
        for (int owner = 0; owner < targets.size(); owner++) {
            long hash = Hashes.of(targets.get(owner).target());
            for (int i = 0; i < count(targets.get(owner), scale); i++) {
                made[next++] = new long[] {Hashes.step(hash, i), owner};
            }
        }
        Arrays.sort(made, Comparator.<long[]>comparingLong(point -> point[0]).thenComparingLong(point -> point[1]));
        this.points = new long[total];
        this.owners = new int[total];
        this.targets = targets.size();
        for (int i = 0; i < total; i++) {
            points[i] = made[i][0];
            owners[i] = (int) made[i][1];
        }
    }

    private static int total(List<Target> targets, double scale) {
        return targets.stream().mapToInt(target -> count(target, scale)).sum();
    }

    private static int count(Target target, double scale) {
        return target.weight() == 0 ? 0 : Math.max(1, (int) (target.weight() * scale));
    }

    /** The first target from the key on, around the ring, that is accepted; -1 for none. */
    int find(long key, IntPredicate accepted) {
        int found = Arrays.binarySearch(points, key);
        int start = found < 0 ? -found - 1 : found;
        BitSet refused = new BitSet(targets);
        for (int i = 0; i < points.length && refused.cardinality() < targets; i++) {
            int owner = owners[(start + i) % points.length];
            if (!refused.get(owner)) {
                if (accepted.test(owner)) {
                    return owner;
                }
                refused.set(owner);
            }
        }
        return -1;
    }
}
