package dev.sluice.control.http;

import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The place of a row in a list ordered by creation, then id: the usual key of a {@link Page}. */
public record Position(Instant createdAt, UUID id) {
    /** The form that {@link Page#after()} has. */
    public String key() {
        return createdAt + " " + id;
    }

    /**
     * Reads {@link #key()}.
     *
     * @throws InvalidConfigurationException (422) when a caller made the cursor up
     */
    public static Position parse(String key) {
        int space = key.indexOf(' ');
        try {
            return new Position(
                    Instant.parse(key.substring(0, Math.max(space, 0))), UUID.fromString(key.substring(space + 1)));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw notACursor();
        }
    }

    /** What a cursor that no answer gave is refused with. */
    public static InvalidConfigurationException notACursor() {
        return new InvalidConfigurationException(List.of(new Violation(
                "after", "invalid", "is no cursor of this list; pass on the 'next' of the page before, unchanged.")));
    }
}
