package dev.sluice.control.revision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.db.Database;
import dev.sluice.control.group.GroupStore;
import dev.sluice.control.group.RuntimeGroup.GroupHead;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Operations;
import dev.sluice.control.revision.EpochStore.Raised;
import dev.sluice.model.config.ConfigJson;
import io.vertx.core.Future;
import java.util.List;

/** The call by which an operator makes runtimes take a restored database for the truth. */
public final class EpochApi {
    private final Database database;
    private final GroupStore groups;
    private final ConfigWriter writer;

    public EpochApi(Database database, GroupStore groups, ConfigWriter writer) {
        this.database = database;
        this.groups = groups;
        this.writer = writer;
    }

    public void register(Operations operations) {
        operations.on("raiseEpoch", this::raise);
    }

    private Future<Answer> raise(Call call) {
        return database.read(connection -> groups.get(connection, call.path("group")))
                .compose(group -> writer.raiseEpoch(group.id()))
                .map(EpochApi::answer);
    }

    private static Answer answer(Raised raised) {
        GroupHead state = raised.state();
        ObjectNode json = ConfigJson.MAPPER
                .createObjectNode()
                .put("epoch", state.revision().epoch())
                .put("revision", state.revision().number())
                .put("digest", state.digest())
                .put("changed_at", state.changedAt().toString());
        return Answer.ok(json).wrote(List.of(raised.head()));
    }
}
