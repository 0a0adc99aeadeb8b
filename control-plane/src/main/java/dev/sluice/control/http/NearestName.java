package dev.sluice.control.http;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody probably meant. */
final class NearestName {
    private NearestName() {}

    /** The rest of a sentence: {@code ; did you mean 'paths'?}, or all names where none is near. */
    static String hint(String given, Collection<String> known) {
        if (known.isEmpty()) {
            return "; leave it out.";
        }
        String wanted = given.toLowerCase(Locale.ROOT);
        if (wanted.length() > 60) {
            return "; there are: " + String.join(", ", known) + ".";
        }
        int tolerance = 1 + wanted.length() / 3;
        Optional<String> nearest = known.stream()
                .filter(name -> distance(wanted, name) <= tolerance)
                .min(Comparator.comparingInt(name -> distance(wanted, name)));
        return nearest.map(name -> "; did you mean '" + name + "'?")
                .orElseGet(() -> "; there are: " + String.join(", ", known) + ".");
    }

    /** Optimal string alignment: single characters to insert, delete or replace, neighbours to swap. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int cheapest(int[][] cost, String a, String b, int i, int j) {
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int least = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
    }
}
