package dev.sluice.model.routing;

import dev.sluice.model.problem.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The faults of one record, as its rules find them. */
final class Faults {
    private final List<Violation> found = new ArrayList<>();

    void add(String field, String code, String message) {
        found.add(new Violation(field, code, message));
    }

    void addIf(boolean faulty, String field, String code, String message) {
        if (faulty) {
            add(field, code, message);
        }
    }

    void outside(String field, long value, long least, long most) {
        addIf(value < least || value > most, field, "range", "Must be from " + least + " to " + most);
    }

    /** Runs a parser that throws {@link IllegalArgumentException} with a sentence for the operator. */
    void parse(String field, String code, Supplier<?> parser) {
        try {
            Object unused = parser.get();
        } catch (IllegalArgumentException e) {
            add(field, code, String.valueOf(e.getMessage()));
        }
    }

    /** Free words that lists are filtered by, separated by commas there. */
    void tags(List<String> tags) {
        for (int i = 0; i < tags.size(); i++) {
            String tag = tags.get(i);
            boolean bad = tag.isBlank() || tag.indexOf(',') >= 0 || tag.chars().anyMatch(Character::isISOControl);
            addIf(bad, "tags[" + i + "]", "pattern", "A tag is not blank and has no comma and no control character");
        }
    }

    List<Violation> all() {
        return List.copyOf(found);
    }
}
