package dev.sluice.model.routing;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** Regular expressions in linear time: what RE2/J takes, with a sentence for what it does not. */
final class Regex {
    /** Longest expression; the engine's work a character grows with it. */
    static final int LONGEST = 4096;

    private Regex() {}

    /** @throws IllegalArgumentException with a sentence for the operator */
    static Pattern compile(String expression, int flags) {
        if (expression.length() > LONGEST) {
            throw new IllegalArgumentException("A regular expression has at most " + LONGEST + " characters");
        }
        try {
            return Pattern.compile(expression, flags);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "Not a regular expression of the linear-time engine (RE2): " + e.getDescription() + " at '"
                            + e.getPattern() + "'" + hint(expression),
                    e);
        }
    }

    private static String hint(String expression) {
        if (expression.contains("(?=") || expression.contains("(?!")) {
            return "; look-ahead is not supported";
        }
        if (expression.contains("(?<=") || expression.contains("(?<!")) {
            return "; look-behind is not supported";
        }
        if (expression.contains("(?>")) {
            return "; atomic groups are not supported";
        }
        return java.util.regex.Pattern.compile("\\\\[1-9k]").matcher(expression).find()
                ? "; back-references are not supported"
                : "";
    }
}
