package dev.sluice.control.revision;

import dev.sluice.control.access.Caller;
import dev.sluice.control.audit.AuditChange;
import dev.sluice.control.audit.AuditStore;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.failure.UnavailableException;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.revision.AddressCheck.UnknownNames;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.net.Denial;
import dev.sluice.model.problem.InvalidConfigurationException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one way in which configuration changes. */
public final class ConfigWriter {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigWriter.class);

    /** A change that runs again may find another name each time, if others are as busy. */
    private static final int MOST_ATTEMPTS = 5;

    private final Vertx vertx;
    private final Database database;
    private final Snapshots snapshots;
    private final AddressCheck addresses;
    private final HeadListener listener;
    private final AuditStore audit = new AuditStore();

    public ConfigWriter(
            Vertx vertx, Database database, Snapshots snapshots, AddressCheck addresses, HeadListener listener) {
        this.vertx = vertx;
        this.database = database;
        this.snapshots = snapshots;
        this.addresses = addresses;
        this.listener = listener;
    }

    /**
     * Runs a change in one transaction. For each group that it locked and whose entities differ afterwards, the new
     * content is compiled, written, and becomes the group's next revision; a change that changes nothing makes none.
     * After a deadlock or a serialization failure the change runs again, so it must have no effects but on the
     * transaction. It also runs again where it writes implementations whose hosts are names: the first transaction is
     * rolled back, the names are looked up while nothing is locked, and the second one knows their addresses.
     *
     * @param caller who changes: for the revision's row, and for the audit trail, which has what was changed
     * @return the change's value; fails with {@link InvalidConfigurationException} when the new content cannot be
     *     served or calls a denied network, {@link ConflictException} when a name or id is taken, {@link UnavailableException} when the database
     *     does not answer, or with what the change failed with; then nothing was written
     */
    public <T> Future<Committed<T>> write(Caller caller, Function<ConfigTransaction, Future<T>> change) {
        return attempt(caller, change, Map.of(), 1).map(this::committed);
    }

    /**
     * Begins an epoch of a group: its head keeps number and content and comes, for every runtime, after everything that
     * any of them has served, also after revisions that a restored database does not know of. Makes no revision.
     *
     * @return fails with {@link NotFoundException} when there is no such group
     */
    Future<EpochStore.Raised> raiseEpoch(Caller caller, UUID groupId) {
        return database.transaction(connection -> EpochStore.raise(connection, groupId)
                        .compose(raised -> audit.wrote(connection, caller, List.of(raisedEpoch(raised.head())))
                                .map(raised)))
                .map(raised -> {
                    announce(List.of(raised.head()));
                    return raised;
                });
    }

    private static AuditChange raisedEpoch(Head head) {
        return new AuditChange(
                "runtime_group",
                head.groupId(),
                head.group(),
                ConfigJson.MAPPER.createObjectNode(),
                ConfigJson.MAPPER
                        .createObjectNode()
                        .put("epoch", head.revision().epoch())
                        .put("revision", head.revision().number()));
    }

    private <T> Future<Written<T>> attempt(
            Caller caller,
            Function<ConfigTransaction, Future<T>> change,
            Map<String, Optional<Denial>> known,
            int nth) {
        return database.transaction(connection -> {
                    ConfigTransaction transaction = new ConfigTransaction(connection, snapshots);
                    return change.apply(transaction).compose(value -> flush(caller, transaction, known)
                            .map(candidates -> new Written<>(value, transaction, candidates)));
                })
                .recover(failure -> {
                    if (!(failure instanceof UnknownNames unknown)) {
                        return Future.failedFuture(failure);
                    }
                    if (nth == MOST_ATTEMPTS) {
                        return Future.failedFuture(new UnavailableException(
                                "Others change the same hosts just now, nothing was written."));
                    }
                    return addresses.lookUp(unknown.names()).compose(found -> {
                        Map<String, Optional<Denial>> all = new HashMap<>(known);
                        all.putAll(found);
                        return attempt(caller, change, all, nth + 1);
                    });
                });
    }

    private Future<List<Candidate>> flush(
            Caller caller, ConfigTransaction transaction, Map<String, Optional<Denial>> known) {
        if (transaction.groups().stream().allMatch(StagedGroup::isUntouched)) {
            return audit.wrote(transaction.connection(), caller, transaction.changes())
                    .map(List.of());
        }
        return vertx.executeBlocking(() -> compile(transaction, known), false)
                .compose(candidates -> CandidateStore.write(
                                transaction.connection(), candidates, caller.name(), transaction)
                        .compose(written -> audit.wrote(
                                transaction.connection(), caller, EntityChange.audited(transaction, candidates)))
                        .map(candidates));
    }

    private List<Candidate> compile(ConfigTransaction transaction, Map<String, Optional<Denial>> known) {
        List<Candidate> candidates = transaction.groups().stream()
                .map(StagedGroup::candidate)
                .filter(Objects::nonNull)
                .toList();
        // Of one group at a time: an upstream's name means something within its group alone.
        Set<String> unknown = new TreeSet<>();
        for (Candidate candidate : candidates) {
            try {
                addresses.require(candidate.written(), upstreams(candidate), known);
            } catch (UnknownNames e) {
                unknown.addAll(e.names());
            }
        }
        if (!unknown.isEmpty()) {
            throw new UnknownNames(unknown);
        }
        return candidates;
    }

    private static Set<String> upstreams(Candidate candidate) {
        return candidate.next().compile().upstreams().stream()
                .map(plan -> plan.upstream().name())
                .collect(Collectors.toSet());
    }

    private <T> Committed<T> committed(Written<T> written) {
        Map<UUID, Head> heads = new TreeMap<>();
        written.transaction()
                .groups()
                .forEach(group -> heads.put(group.base().groupId(), group.base().head()));
        List<Head> advanced = new ArrayList<>();
        for (Candidate candidate : written.candidates()) {
            snapshots.committed(candidate.next());
            advanced.add(candidate.next().head());
            heads.put(candidate.groupId(), candidate.next().head());
        }
        if (!advanced.isEmpty()) {
            announce(advanced);
        }
        return new Committed<>(written.value(), List.copyOf(heads.values()));
    }

    private void announce(List<Head> advanced) {
        try {
            listener.committed(advanced);
        } catch (RuntimeException e) {
            LOG.error("Committed, but not announced at once: {}", advanced, e);
        }
    }

    private record Written<T>(T value, ConfigTransaction transaction, List<Candidate> candidates) {}
}
