package dev.sluice.model.routing;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** Regular expressions in linear time: what RE2/J takes, with a sentence for what it does not. */
final class Regex {
    /** Most instructions of a compiled expression: the work of matching a character grows with them. */
    static final int LARGEST = 1000;

    private static final int LONGEST = 4096;
    private static final int FACTOR_OF_DOUBT = 10;
    private static final java.util.regex.Pattern BACK_REFERENCE = java.util.regex.Pattern.compile("\\\\[1-9k]");

    private Regex() {}

    /** @throws IllegalArgumentException with a sentence for the operator */
    static Pattern compile(String expression, int flags) {
        if (expression.length() > LONGEST || RegexSize.estimate(expression) > LARGEST * FACTOR_OF_DOUBT) {
            throw tooLarge();
        }
        Pattern compiled;
        try {
            compiled = Pattern.compile(expression, flags);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "Not a regular expression of the linear-time engine (RE2): " + e.getDescription() + " at '"
                            + e.getPattern() + "'" + hint(expression),
                    e);
        }
        if (compiled.programSize() > LARGEST) {
            throw tooLarge();
        }
        return compiled;
    }

    private static IllegalArgumentException tooLarge() {
        return new IllegalArgumentException("The regular expression is too large: with its repetitions written out it"
                + " may have about " + LARGEST + " characters");
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
        return BACK_REFERENCE.matcher(expression).find() ? "; back-references are not supported" : "";
    }
}
