package dev.sluice.model.snapshot;

import java.util.Comparator;

/**
 * A point in a group's history. Within an epoch revisions are numbered without gaps and no runtime goes backwards; an
 * operator who restores the database raises the epoch, and a group that is made begins one that was never used before.
 *
 * @param epoch 1 or more; the time of the group's making in milliseconds, or what an operator raised it to
 * @param number 0 for a group that nothing was ever declared in, then 1, 2, 3 …
 */
public record Revision(long epoch, long number) implements Comparable<Revision> {
    private static final Comparator<Revision> ORDER =
            Comparator.comparingLong(Revision::epoch).thenComparingLong(Revision::number);

    public Revision {
        if (epoch < 1 || number < 0) {
            throw new IllegalArgumentException("Not a revision: epoch " + epoch + ", number " + number);
        }
    }

    public boolean isAfter(Revision other) {
        return compareTo(other) > 0;
    }

    public Revision next() {
        return new Revision(epoch, number + 1);
    }

    @Override
    public int compareTo(Revision other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return epoch + "." + number;
    }
}
