package dev.sluice.control.access;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All that somebody was granted. What is not granted is forbidden. */
public record Grants(List<Grant> list) {
    public static final Grants NONE = new Grants(List.of());
    public static final Grants ADMINISTRATOR = new Grants(List.of(Grant.everywhere(Role.ADMIN)));

    public Grants {
        list = List.copyOf(list);
    }

    /** Whether the role is there for all groups. */
    public boolean everywhere(Role role) {
        Role granted = everywhere();
        return granted != null && granted.includes(role);
    }

    /** Whether the role is there for any group. */
    public boolean anywhere(Role role) {
        return list.stream().anyMatch(grant -> grant.role().includes(role));
    }

    /** Whether the role is there for this group. */
    public boolean in(UUID groupId, Role role) {
        Role granted = in(groupId);
        return granted != null && granted.includes(role);
    }

    /** The highest role in this group, or null. */
    public @Nullable Role in(UUID groupId) {
        return highest(groupId);
    }

    /** The groups with this role; null for all there are. */
    public UUID @Nullable [] groups(Role role) {
        if (everywhere(role)) {
            return null;
        }
        return list.stream()
                .filter(grant -> grant.role().includes(role))
                .map(Grant::groupId)
                .filter(Objects::nonNull)
                .distinct()
                .toArray(UUID[]::new);
    }

    /** Whether all of the other is among this. */
    public boolean covers(Grants other) {
        return other.list.stream().allMatch(grant -> {
            UUID groupId = grant.groupId();
            return groupId == null ? everywhere(grant.role()) : in(groupId, grant.role());
        });
    }

    /** What of this is within the other: each role is the lesser of the two. */
    public Grants within(Grants limit) {
        List<Grant> within = new ArrayList<>();
        Role ours = everywhere();
        Role theirs = limit.everywhere();
        if (ours != null && theirs != null) {
            within.add(Grant.everywhere(Role.lesser(ours, theirs)));
        }
        Map<UUID, Grant> named = new LinkedHashMap<>();
        list.forEach(grant -> note(named, grant));
        limit.list.forEach(grant -> note(named, grant));
        named.forEach((groupId, grant) -> {
            Role here = in(groupId);
            Role there = limit.in(groupId);
            if (here != null && there != null) {
                within.add(new Grant(Role.lesser(here, there), groupId, grant.group()));
            }
        });
        return new Grants(within);
    }

    private static void note(Map<UUID, Grant> named, Grant grant) {
        UUID groupId = grant.groupId();
        if (groupId != null) {
            named.putIfAbsent(groupId, grant);
        }
    }

    private @Nullable Role everywhere() {
        return highest(null);
    }

    private @Nullable Role highest(@Nullable UUID groupId) {
        return list.stream()
                .filter(grant -> grant.groupId() == null || grant.groupId().equals(groupId))
                .map(Grant::role)
                .max(Role::compareTo)
                .orElse(null);
    }
}
