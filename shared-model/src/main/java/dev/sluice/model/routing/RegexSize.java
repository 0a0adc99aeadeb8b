package dev.sluice.model.routing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * About how many instructions an expression will be compiled to, told without compiling it: counted repetitions are
 * unrolled, and nested ones multiply, so that a short expression can ask for more memory than there is.
 */
final class RegexSize {
    private static final Pattern COUNT = Pattern.compile("\\{([0-9]{1,6})(?:,([0-9]{0,6}))?}");
    private static final long VAST = 1_000_000_000;

    private final String expression;
    private final Deque<Long> outer = new ArrayDeque<>();
    private long sum;
    private long last;
    private int at;

    private RegexSize(String expression) {
        this.expression = expression;
    }

    static long estimate(String expression) {
        RegexSize size = new RegexSize(expression);
        while (size.at < expression.length()) {
            size.step(expression.charAt(size.at));
        }
        while (!size.outer.isEmpty()) {
            size.closeGroup();
        }
        return size.sum;
    }

    private void step(char c) {
        switch (c) {
            case '(' -> {
                outer.push(sum);
                sum = 0;
                last = 0;
                at++;
            }
            case ')' -> {
                closeGroup();
                at++;
            }
            case '[' -> {
                skipClass();
                add(1);
            }
            case '\\' -> skipEscape();
            case '{' -> repeat();
            default -> {
                at++;
                add(1);
            }
        }
    }

    private void add(long instructions) {
        last = instructions;
        sum = Math.min(VAST, sum + instructions);
    }

    private void closeGroup() {
        long group = sum + 2;
        sum = outer.isEmpty() ? 0 : outer.pop();
        add(Math.min(VAST, group));
    }

    private void repeat() {
        Matcher count = COUNT.matcher(expression).region(at, expression.length());
        if (!count.lookingAt()) {
            at++;
            add(1);
            return;
        }
        String most = count.group(2);
        long times = Long.parseLong(most == null || most.isEmpty() ? count.group(1) : most);
        long unrolled = Math.min(VAST, last * Math.max(1, times));
        sum = Math.min(VAST, sum + unrolled - last);
        last = unrolled;
        at = count.end();
    }

    private void skipEscape() {
        char escaped = at + 1 < expression.length() ? expression.charAt(at + 1) : ' ';
        int end = at + 2;
        if (escaped == 'Q') {
            int quoteEnd = expression.indexOf("\\E", end);
            end = quoteEnd < 0 ? expression.length() : quoteEnd + 2;
            add(end - at);
            last = 1;
            at = end;
            return;
        }
        if ("pPx".indexOf(escaped) >= 0 && expression.startsWith("{", end)) {
            int brace = expression.indexOf('}', end);
            end = brace < 0 ? expression.length() : brace + 1;
        }
        at = end;
        add(1);
    }

    private void skipClass() {
        at++;
        if (expression.startsWith("^", at)) {
            at++;
        }
        if (expression.startsWith("]", at)) {
            at++;
        }
        while (at < expression.length() && expression.charAt(at) != ']') {
            if (expression.charAt(at) == '\\') {
                at++;
            } else if (expression.startsWith("[:", at) && expression.indexOf(":]", at) > 0) {
                at = expression.indexOf(":]", at) + 1;
            }
            at++;
        }
        at++;
    }
}
