package dev.sluice.control.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.control.access.Grants;
import dev.sluice.control.access.Role;
import dev.sluice.control.failure.ForbiddenException;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an operation needs its caller to be, by the contract's {@code x-role} and {@code x-scope}.
 *
 * @param role null where no role is needed: then whoever has a token or session may call, or anybody
 * @param who whether that is anybody, also without token and session
 * @param inGroups whether the role is needed in the groups concerned only, which those who find them check; else it is
 *     needed for all groups
 */
record Need(@Nullable Role role, Who who, boolean inGroups) {
    private static final Pattern OF_A_GROUP = Pattern.compile("\\{(group|service|route)}");

    enum Who {
        ANYBODY,
        KNOWN
    }

    /**
     * Reads it.
     *
     * @param path as in the contract
     * @throws IllegalStateException when the operation does not say: what is not allowed is forbidden
     */
    static Need of(JsonNode operation, String path) {
        String text = operation.path("x-role").asText("");
        String id = operation.path("operationId").asText();
        String scope = operation.path("x-scope").asText("");
        if (!scope.isEmpty() && !scope.equals("groups")) {
            throw new IllegalStateException("Operation " + id + " has an x-scope that is not 'groups'");
        }
        boolean inGroups = scope.equals("groups") || OF_A_GROUP.matcher(path).find();
        return switch (text) {
            case "" -> throw new IllegalStateException("Operation " + id + " has no x-role");
            case "public" -> new Need(null, Who.ANYBODY, false);
            case "self" -> new Need(null, Who.KNOWN, false);
            default -> new Need(Role.of(text), Who.KNOWN, inGroups);
        };
    }

    boolean isPublic() {
        return who == Who.ANYBODY;
    }

    /** @throws ForbiddenException when the caller has the role nowhere where it could be needed */
    void check(Grants grants) {
        if (role == null) {
            return;
        }
        if (!inGroups && !grants.everywhere(role)) {
            throw new ForbiddenException(
                    "This needs the role " + role.wireName() + " for all runtime groups" + has(grants));
        }
        if (!grants.anywhere(role)) {
            throw new ForbiddenException(
                    "This needs the role " + role.wireName() + " in the runtime group concerned" + has(grants));
        }
    }

    /** Whether an answer without a check of a group would show or change what this caller must not. */
    boolean mustAsk(Grants grants) {
        return role != null && inGroups && !grants.everywhere(Objects.requireNonNull(role));
    }

    private static String has(Grants grants) {
        if (grants.list().isEmpty()) {
            return "; you have no role at all.";
        }
        StringBuilder roles = new StringBuilder("; you are ");
        String separator = "";
        for (var grant : grants.list()) {
            String where = grant.group() == null ? "everywhere" : "in '" + grant.group() + "'";
            roles.append(separator).append(grant.role().wireName()).append(' ').append(where);
            separator = ", ";
        }
        return roles.append('.').toString();
    }
}
