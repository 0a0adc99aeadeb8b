package dev.sluice.control.enrolment;

import dev.sluice.model.trust.RuntimeName;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a certificate stands.
 *
 * @param group that its runtime serves today; null when the runtime is forgotten
 * @param groupName of that group
 * @param revoked the certificate, or its runtime
 */
record Standing(@Nullable UUID group, @Nullable String groupName, boolean revoked) {

    Standing asRevoked() {
        return new Standing(group, groupName, true);
    }

    /** @throws RefusedRuntimeException when who shows the certificate may not call */
    RuntimeCaller admit(RuntimeName name) {
        if (revoked) {
            throw new RefusedRuntimeException(
                    403,
                    "This runtime's certificate was revoked. It can join again with a new token and a new identity.");
        }
        if (group == null || groupName == null) {
            throw new RefusedRuntimeException(
                    403, "This runtime is not known here, or no more. It can join again with a new token.");
        }
        if (!group.equals(name.group())) {
            throw new RefusedRuntimeException(403, "This certificate is for another runtime group.");
        }
        return new RuntimeCaller(name.runtime(), group, groupName);
    }
}
