package dev.sluice.control.revision;

import dev.sluice.control.fleet.Head;
import java.util.List;

/**
 * What a write came to.
 *
 * @param value what the change returned
 * @param heads of all groups that the change locked, after the commit, in order of their ids; also of those in which
 *     nothing changed
 */
public record Committed<T>(T value, List<Head> heads) {
    public Committed {
        heads = List.copyOf(heads);
    }
}
