package dev.sluice.control.access;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A role in one runtime group, or in all.
 *
 * @param groupId null for all groups, those to come included
 * @param group the group's name, for people; null with the id
 */
public record Grant(
        Role role, @Nullable UUID groupId, @Nullable String group) {
    static Grant everywhere(Role role) {
        return new Grant(role, null, null);
    }
}
