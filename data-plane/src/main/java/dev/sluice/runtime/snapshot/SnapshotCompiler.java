package dev.sluice.runtime.snapshot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.routing.RouteTable;
import dev.sluice.model.snapshot.InvalidSnapshotException;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.SignedSnapshot;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.snapshot.SnapshotFormat;
import dev.sluice.model.trust.SealingKeys;
import dev.sluice.model.trust.SnapshotSigning;
import dev.sluice.model.trust.UntrustedSnapshotException;
import dev.sluice.runtime.balance.CompiledUpstream;
import dev.sluice.runtime.tls.ServedCertificatesCompiler;
import dev.sluice.runtime.upstream.UpstreamTlsCompiler;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks a snapshot and compiles it. Takes as long as it takes: for worker threads, one at a time. What it made for the
 * snapshot before is taken over where it is the same.
 */
public final class SnapshotCompiler {
    private final Supplier<Instant> now;
    private final UpstreamTlsCompiler upstreamTls = new UpstreamTlsCompiler();
    private final ServedCertificatesCompiler certificates = new ServedCertificatesCompiler();
    private Map<UUID, CompiledUpstream> upstreams = Map.of();

    /** @param now the time at which signers' certificates must be valid */
    public SnapshotCompiler(Supplier<Instant> now) {
        this.now = now;
    }

    /**
     * Reads what a control plane sent, or a seed.
     *
     * @param served what is served now of the same group: nothing older is accepted
     * @throws RefusedSnapshotException when this runtime must not or cannot serve it
     */
    public CompiledSnapshot accept(
            byte[] bytes, @Nullable Snapshot served, SnapshotTrust trust, SnapshotSource source) {
        SignedSnapshot signed;
        try {
            signed = SnapshotFormat.readSigned(bytes);
        } catch (InvalidSnapshotException e) {
            throw new RefusedSnapshotException(declared(bytes), String.valueOf(e.getMessage()), e);
        }
        Snapshot snapshot = signed.snapshot();
        requireTrusted(signed, trust);
        if (served != null) {
            requireNewer(snapshot, served);
        }
        Set<String> missing = ContentKeyIds.missing(snapshot, trust.contentKeys());
        if (!missing.isEmpty() && trust.group() != null) {
            throw RefusedSnapshotException.asFarAsIsKnown(
                    snapshot.revision(), "Its secrets are sealed under keys that are not at hand: " + missing, null);
        }
        return compile(snapshot, trust.contentKeys(), source);
    }

    private void requireTrusted(SignedSnapshot signed, SnapshotTrust trust) {
        Snapshot snapshot = signed.snapshot();
        try {
            SnapshotSigning.verify(signed, trust.authorities(), trust.retiredSigners(), now.get());
        } catch (UntrustedSnapshotException e) {
            throw RefusedSnapshotException.asFarAsIsKnown(snapshot.revision(), String.valueOf(e.getMessage()), e);
        }
        if (!trust.isOf(snapshot.group())) {
            throw RefusedSnapshotException.asFarAsIsKnown(
                    snapshot.revision(),
                    "It is of group " + snapshot.group() + ", this runtime serves " + trust.group(),
                    null);
        }
    }

    private static void requireNewer(Snapshot snapshot, Snapshot served) {
        Revision revision = snapshot.revision();
        if (served.revision().isAfter(revision)) {
            throw new RefusedSnapshotException(
                    revision, "It is older than revision " + served.revision() + ", which is served", null);
        }
        if (served.revision().equals(revision) && !served.digest().equals(snapshot.digest())) {
            throw new RefusedSnapshotException(
                    revision, "It differs from what is served under the same revision " + revision, null);
        }
    }

    /** What damaged bytes say that they are, for people to know; null where they do not even say that. */
    private static @Nullable Revision declared(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        try {
            ObjectNode header = ConfigJson.object(Arrays.copyOf(bytes, end));
            return new Revision(
                    header.path("epoch").asLong(), header.path("revision").asLong(-1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * Compiles a snapshot that was found trustworthy.
     *
     * @param contentKeys open the secrets in it; null where this runtime has none
     * @throws RefusedSnapshotException when there is something in it that cannot be served
     */
    public CompiledSnapshot compile(Snapshot snapshot, @Nullable SealingKeys contentKeys, SnapshotSource source) {
        try {
            RouteTable routes = RouteTable.compile(snapshot);
            UpstreamTlsCompiler.Compiled tls = upstreamTls.compile(snapshot, routes, contentKeys);
            CompiledSnapshot compiled = new CompiledSnapshot(
                    snapshot,
                    routes,
                    source,
                    contentKeys,
                    tls.implementations(),
                    certificates.compile(snapshot, contentKeys),
                    CompiledUpstream.compile(routes, tls.checks(), upstreams));
            upstreams = compiled.upstreams();
            return compiled;
        } catch (InvalidConfigurationException e) {
            throw new RefusedSnapshotException(snapshot.revision(), "It does not compile: " + e.getMessage(), e);
        } catch (RuntimeException | StackOverflowError e) {
            // a defect of the compiler must not end the control loop: the last good stays
            throw new RefusedSnapshotException(snapshot.revision(), "It does not compile: " + e, e);
        }
    }
}
