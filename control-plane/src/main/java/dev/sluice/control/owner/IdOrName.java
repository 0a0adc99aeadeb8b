package dev.sluice.control.owner;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a caller names something: by its id or by its name. No name looks like an id, the contract sees to that.
 *
 * @param id null when it is a name
 * @param text as the caller wrote it
 */
public record IdOrName(@Nullable UUID id, String text) {
    private static final Pattern ID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    public static IdOrName parse(String text) {
        return new IdOrName(ID.matcher(text).matches() ? UUID.fromString(text) : null, text);
    }

    /** The name; null when it is an id. */
    public @Nullable String name() {
        return id == null ? text : null;
    }

    @Override
    public String toString() {
        return id == null ? "'" + text + "'" : text;
    }
}
