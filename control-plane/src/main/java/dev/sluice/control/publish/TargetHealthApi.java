package dev.sluice.control.publish;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.db.Database;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Operations;
import dev.sluice.control.http.Page;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.control.revision.EntityStore;
import dev.sluice.control.revision.StoredEntity;
import dev.sluice.control.target.TargetRows;
import dev.sluice.control.upstream.UpstreamFinder;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.HealthChecks;
import dev.sluice.model.config.Target;
import dev.sluice.model.config.Upstream;
import dev.sluice.model.snapshot.EntityKinds;
import dev.sluice.model.wire.Report;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** How targets are, as the last report of each runtime has it. */
public final class TargetHealthApi {
    private static final String UNKNOWN = "unknown";

    private final Database database;
    private final EntityStore entities;
    private final UpstreamFinder upstreams;
    private final DirectoryStore directory = new DirectoryStore();

    public TargetHealthApi(Database database, EntityStore entities, UpstreamFinder upstreams) {
        this.database = database;
        this.entities = entities;
        this.upstreams = upstreams;
    }

    public void register(Operations operations) {
        operations.on("getUpstreamHealth", this::read);
    }

    private Future<Answer> read(Call call) {
        Page page = call.page();
        return database.read(client -> upstreams
                .find(client, call.caller(), IdOrName.parse(call.path("upstream")))
                .compose(upstream -> entities.page(
                                client, call.caller(), EntityKinds.TARGET, TargetRows.of(upstream, List.of()), page)
                        .compose(targets -> directory
                                .entriesOf(client, List.of(upstream.groupId()))
                                .map(runtimes -> answer(page, upstream, targets, runtimes)))));
    }

    private static Answer answer(
            Page page, StoredEntity upstream, List<StoredEntity> targets, List<DirectoryEntry> runtimes) {
        Upstream declared = ConfigJson.read(Upstream.class, upstream.entity().bytes());
        String well = checks(declared.healthchecks()) ? "healthy" : "healthchecks_off";
        return Answer.ok(page.answer(targets, StoredEntity::key, target -> view(target, runtimes, well)));
    }

    private static boolean checks(HealthChecks checks) {
        return checks.active().healthy().interval() > 0
                || checks.active().unhealthy().interval() > 0
                || checks.passive().unhealthy().on();
    }

    private static ObjectNode view(StoredEntity stored, List<DirectoryEntry> runtimes, String well) {
        Target target = ConfigJson.read(Target.class, stored.entity().bytes());
        ObjectNode view = ConfigJson.MAPPER
                .createObjectNode()
                .put("id", target.id().toString())
                .put("target", target.target())
                .put("weight", target.weight())
                .put("unhealthy", target.unhealthy());
        ArrayNode seen = view.putArray("runtimes");
        for (DirectoryEntry runtime : runtimes) {
            if (!runtime.isGone()) {
                seen.addObject()
                        .put("id", runtime.id().toString())
                        .put("name", runtime.name())
                        .put("state", state(runtime, stored, well));
            }
        }
        return view;
    }

    private static String state(DirectoryEntry runtime, StoredEntity target, String well) {
        Map<UUID, String> exceptions = runtime.targets();
        boolean serves = runtime.served().epoch() == runtime.head().epoch()
                && runtime.served().revision() >= target.revision();
        if (!runtime.state().equals("live") || !serves || exceptions == null) {
            return UNKNOWN;
        }
        String exception = exceptions.get(target.entity().id());
        if (exception != null) {
            return exception;
        }
        // A report that is full may have left this one out.
        return exceptions.size() < Report.MAX_TARGETS ? well : UNKNOWN;
    }
}
