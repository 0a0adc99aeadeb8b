package dev.sluice.control.http;

import dev.sluice.model.problem.Violation;
import java.util.List;

/** The character U+0000, which no text of PostgreSQL can hold. */
final class Nul {
    private Nul() {}

    /** Adds a violation of this field when the text has the character in it. */
    static void check(String text, String field, List<Violation> violations) {
        if (text.indexOf('\0') >= 0) {
            violations.add(new Violation(field, "invalid", "must not have the character U+0000 in it."));
        }
    }
}
