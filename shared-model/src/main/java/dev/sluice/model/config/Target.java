package dev.sluice.model.config;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One address of an {@link Upstream}. A name with several addresses stands for all of them, each with this weight. Made
 * from JSON by {@link ConfigJson}, which fills absent fields with their defaults first.
 *
 * @param id identity, kept over changes
 * @param upstreamId the upstream that it belongs to
 * @param createdAt when it was first declared, to the microsecond
 * @param target {@code host:port} as {@link TargetAddress} writes it, unique within the upstream
 * @param weight share of the requests: 0 to 65535; 0 lets it end what it has and gives it no more
 * @param unhealthy whether an operator took it out: then nothing brings it back but an operator
 * @param healthSetAt when an operator last said that it is healthy or not: whatever was observed before does not count;
 *     null for never
 * @param tags free words to filter by
 */
public record Target(
        UUID id,
        UUID upstreamId,
        Instant createdAt,
        String target,
        int weight,
        boolean unhealthy,
        @Nullable Instant healthSetAt,
        List<String> tags) {
    public Target {
        Objects.requireNonNull(id, "id is required");
        Objects.requireNonNull(upstreamId, "upstream_id is required");
        Objects.requireNonNull(createdAt, "created_at is required");
        Objects.requireNonNull(target, "target is required");
        tags = List.copyOf(tags);
    }
}
