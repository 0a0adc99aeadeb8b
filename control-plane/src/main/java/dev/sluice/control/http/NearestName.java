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
        int tolerance = Math.max(1, wanted.length() / 3);
        Optional<String> nearest = known.stream()
                .filter(name -> distance(wanted, name) <= tolerance)
                .min(Comparator.comparingInt(name -> distance(wanted, name)));
        return nearest.map(name -> "; did you mean '" + name + "'?")
                .orElseGet(() -> "; there are: " + String.join(", ", known) + ".");
    }

    /** Levenshtein's distance: single characters to insert, delete or replace. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
