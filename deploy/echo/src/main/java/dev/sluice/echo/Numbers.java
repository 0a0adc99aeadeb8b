package dev.sluice.echo;

import java.util.OptionalLong;

/** Whole numbers out of paths and options. */
final class Numbers {
    private Numbers() {}

    /** The number that the text is, if it is one within these bounds, both included. */
    static OptionalLong within(String text, long least, long most) {
        if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalLong.empty();
        }
        long number = Long.parseLong(text);
        return number >= least && number <= most ? OptionalLong.of(number) : OptionalLong.empty();
    }
}
