package dev.sluice.control.revision;

import dev.sluice.control.fleet.Head;
import java.util.List;

/** Is told of revisions that this control plane has committed. */
@FunctionalInterface
public interface HeadListener {
    /**
     * Called after the commit, outside the transaction; what it throws is logged and fails no write.
     *
     * @param heads of the groups that got a revision; at least one
     */
    void committed(List<Head> heads);
}
