package dev.sluice.model.routing;

/**
 * The literal text that every match of an expression begins with, so that an index can pass over most expressions.
 * Errs on the short side: an expression whose form is in any doubt has none.
 */
final class RegexPrefix {
    private static final String META = "\\.[]()*+?{}|^$";

    private RegexPrefix() {}

    static String of(String expression) {
        int end = 0;
        while (end < expression.length() && isLiteral(expression.charAt(end))) {
            end++;
        }
        if (end < expression.length() && "*+?{".indexOf(expression.charAt(end)) >= 0) {
            end--; // a quantifier belongs to the last character
        }
        return end <= 0 || hasAlternativesAtTop(expression) ? "" : expression.substring(0, end);
    }

    private static boolean isLiteral(char c) {
        return c > ' ' && c < 0x7f && META.indexOf(c) < 0;
    }

    private static boolean hasAlternativesAtTop(String expression) {
        if (expression.indexOf('|') < 0) {
            return false;
        }
        int depth = 0;
        for (int i = 0; i < expression.length(); i++) {
            switch (expression.charAt(i)) {
                case '\\' -> {
                    i++;
                    if (i < expression.length() && expression.charAt(i) == 'Q') {
                        return true; // a quoted stretch: not worth following
                    }
                }
                case '[' -> {
                    return true; // brackets within classes nest in ways not worth following
                }
                case '(' -> depth++;
                case ')' -> depth--;
                case '|' -> {
                    if (depth == 0) {
                        return true;
                    }
                }
                default -> {}
            }
        }
        return false;
    }
}
