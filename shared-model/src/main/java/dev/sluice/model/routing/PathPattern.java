package dev.sluice.model.routing;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.sluice.model.config.PathMatch;
import org.jspecify.annotations.Nullable;

/**
 * One value of a route's paths, compiled.
 *
 * @param text as declared
 * @param index its place among the route's paths
 * @param wholeSegments whether a prefix must end where a segment ends
 * @param regex null for a prefix
 */
record PathPattern(
        String text,
        int index,
        boolean wholeSegments,
        @Nullable Pattern regex) {
    private static final String REGEX_MARK = "~";

    /** @throws IllegalArgumentException with a sentence for the operator, when it is a regex that cannot be compiled */
    static PathPattern parse(String text, int index, PathMatch match) {
        return isRegex(text)
                ? new PathPattern(text, index, false, Regex.compile(text.substring(REGEX_MARK.length()), 0))
                : new PathPattern(text, index, match == PathMatch.SEGMENT, null);
    }

    static boolean isRegex(String text) {
        return text.startsWith(REGEX_MARK);
    }

    /** How many characters of the path match, from its start; -1 when it does not match. */
    int matchedLength(String path) {
        return regex != null || path.startsWith(text) ? matchedLengthBehindPrefix(path) : -1;
    }

    /** As {@link #matchedLength} for a path that is known to begin with {@link #literalPrefix}. */
    int matchedLengthBehindPrefix(String path) {
        if (regex != null) {
            Matcher matcher = regex.matcher(path);
            return matcher.lookingAt() ? matcher.end() : -1;
        }
        return wholeSegments && endsWithinSegment(path) ? -1 : text.length();
    }

    /** What a named group matches in a path; null for nothing, and where there is no such group. */
    @Nullable
    String captured(String path, String group) {
        if (regex == null || !regex.namedGroups().containsKey(group)) {
            return null;
        }
        Matcher matcher = regex.matcher(path);
        return matcher.lookingAt() ? matcher.group(group) : null;
    }

    /** Whether the prefix, which this path begins with, ends amid one of its segments, as /mock does in /mockery. */
    boolean endsWithinSegment(String path) {
        int end = text.length();
        return path.length() > end && path.charAt(end) != '/' && !text.endsWith("/");
    }

    /** What every path that matches begins with: the prefix itself; of a regex, what can be told without doubt. */
    String literalPrefix() {
        return regex == null ? text : RegexPrefix.of(text.substring(REGEX_MARK.length()));
    }

    /** What the order of routes compares; a regex counts as having none. */
    int prefixLength() {
        return regex == null ? text.length() : 0;
    }
}
