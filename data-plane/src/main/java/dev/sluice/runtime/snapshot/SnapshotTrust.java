package dev.sluice.runtime.snapshot;

import dev.sluice.model.trust.Fingerprints;
import dev.sluice.model.trust.JoinToken;
import dev.sluice.model.trust.Pem;
import dev.sluice.model.trust.SealingKey;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.model.wire.Trust;
import dev.sluice.model.wire.Trust.ContentKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which snapshots a runtime may serve.
 *
 * @param group name of the group whose snapshots they must be, or null where any group will do
 * @param authorities whether a certificate is that of an authority which may stand behind a snapshot
 * @param retiredSigners ids of signing keys that count no more
 * @param contentKeys open the secrets in the group's snapshots; null where there are none
 */
public record SnapshotTrust(
        @Nullable String group,
        Predicate<X509Certificate> authorities,
        Set<String> retiredSigners,
        @Nullable SealingKeys contentKeys) {
    /** Of a runtime that has joined. */
    public static SnapshotTrust of(Trust trust) {
        Set<X509Certificate> authorities = Set.copyOf(Pem.certificates(String.join("\n", trust.authorities())));
        return new SnapshotTrust(
                trust.group(),
                authorities::contains,
                Set.copyOf(trust.retiredSigners()),
                contentKeys(trust.contentKeys()));
    }

    /** Of a runtime that knows nothing but its join token, which names no group: for a seed. */
    public static SnapshotTrust of(JoinToken token) {
        String authority = token.authority().hex();
        return new SnapshotTrust(
                null, certificate -> Fingerprints.of(certificate).equals(authority), Set.of(), null);
    }

    /** Null where there are none. */
    static @Nullable SealingKeys contentKeys(List<ContentKey> keys) {
        List<SealingKey> all = keys.stream()
                .map(key -> SealingKey.of(Base64.getDecoder().decode(key.key())))
                .toList();
        return all.isEmpty() ? null : new SealingKeys(all.get(0), all);
    }

    boolean isOf(String name) {
        return group == null || group.equals(name);
    }
}
