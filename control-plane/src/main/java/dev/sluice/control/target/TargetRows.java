package dev.sluice.control.target;

import dev.sluice.control.revision.EntityFilter;
import dev.sluice.control.revision.StoredEntity;
import java.util.List;
import java.util.UUID;

/**
 * Under what names the rows of targets are: names of rows are unique within a group, addresses of targets within an
 * upstream.
 */
public final class TargetRows {
    private TargetRows() {}

    /**
     * Those of an upstream.
     *
     * @param tags all of which a target must have
     */
    public static EntityFilter of(StoredEntity upstream, List<String> tags) {
        return new EntityFilter(
                null, null, tags, upstream.groupId(), name(upstream.entity().id(), ""));
    }

    static String name(UUID upstreamId, String address) {
        return upstreamId + "/" + address;
    }
}
