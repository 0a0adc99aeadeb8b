package dev.sluice.model.routing;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a route wants of one header, compiled.
 *
 * @param name as declared; names compare without regard to case
 * @param values in lower case; one of them must be there, whatever its case; empty beside a regex
 * @param regex searched for in the value, whatever its case; null beside values
 */
record HeaderPattern(
        String name, List<String> values, @Nullable Pattern regex) {
    private static final String REGEX_MARK = "~*";

    /** @throws IllegalArgumentException with a sentence for the operator, when it is a regex that cannot be compiled */
    static HeaderPattern parse(String name, List<String> values) {
        if (values.size() == 1 && isRegex(values.get(0))) {
            String expression = values.get(0).substring(REGEX_MARK.length());
            return new HeaderPattern(name, List.of(), Regex.compile(expression, Pattern.CASE_INSENSITIVE));
        }
        return new HeaderPattern(
                name,
                values.stream().map(value -> value.toLowerCase(Locale.ROOT)).toList(),
                null);
    }

    static boolean isRegex(String value) {
        return value.startsWith(REGEX_MARK);
    }

    /** @param sent the values of all instances in the request */
    boolean matches(List<String> sent) {
        for (int i = 0; i < sent.size(); i++) {
            if (matches(sent.get(i))) {
                return true;
            }
        }
        return false;
    }

    private boolean matches(String value) {
        if (regex != null) {
            return regex.matcher(value).find();
        }
        return values.contains(value.toLowerCase(Locale.ROOT));
    }
}
