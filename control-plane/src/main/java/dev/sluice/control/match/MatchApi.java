package dev.sluice.control.match;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.db.Database;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Operations;
import dev.sluice.control.owner.IdOrName;
import dev.sluice.control.owner.OwnerStore;
import dev.sluice.control.revision.Snapshots;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.routing.Explanation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Explanations of routing over HTTP. */
public final class MatchApi {
    private final Vertx vertx;
    private final Database database;
    private final OwnerStore owners;
    private final Snapshots snapshots;

    public MatchApi(Vertx vertx, Database database, OwnerStore owners, Snapshots snapshots) {
        this.vertx = vertx;
        this.database = database;
        this.owners = owners;
        this.snapshots = snapshots;
    }

    public void register(Operations operations) {
        operations.on("explainMatch", this::explain);
    }

    private Future<Answer> explain(Call call) {
        DescribedRequest described = DescribedRequest.read(call.body());
        IdOrName group = IdOrName.parse(call.path("group"));
        return database.read(client -> owners.group(client, call.caller(), group))
                .compose(id -> id == null
                        ? Future.failedFuture(new NotFoundException("There is no runtime group " + group + "."))
                        : snapshots.headTable(id))
                .compose(table -> vertx.executeBlocking(() -> table.explain(described.request()), false))
                .map(explanation -> Answer.ok(view(explanation, described)));
    }

    private static ObjectNode view(Explanation explanation, DescribedRequest described) {
        ObjectNode view = ConfigJson.MAPPER.createObjectNode();
        view.put("path", explanation.path());
        Explanation.Winner winner = explanation.winner();
        if (winner == null) {
            view.putNull("winner").putNull("upstream_uri");
        } else {
            view.set("winner", winner(winner));
            view.put("upstream_uri", upstreamUri(winner, described));
        }
        ArrayNode losers = view.putArray("losers");
        explanation.losers().forEach(loser -> losers.addObject()
                .put("route_id", loser.routeId().toString())
                .put("name", loser.name())
                .put("reason", loser.reason()));
        return view.put("total_losers", explanation.totalLosers());
    }

    private static ObjectNode winner(Explanation.Winner winner) {
        ObjectNode view = ConfigJson.MAPPER.createObjectNode();
        view.put("route_id", winner.routeId().toString());
        view.put("name", winner.name());
        view.put("version_id", winner.versionId().toString());
        view.put("matched_path", winner.matchedPath());
        view.put("stripped_prefix", winner.strippedPrefix());
        view.put("implementation_url", winner.implementationUrl());
        view.put("upstream_path", winner.upstreamPath());
        view.put("scheme_check", winner.schemeCheck().name().toLowerCase(Locale.ROOT));
        view.set("warnings", ConfigJson.MAPPER.valueToTree(winner.warnings()));
        return view;
    }

    private static @Nullable String upstreamUri(Explanation.Winner winner, DescribedRequest described) {
        String url = winner.implementationUrl();
        return url == null ? null : origin(url) + winner.upstreamPath() + described.query();
    }

    /** Scheme and authority. A path may have characters that no {@link java.net.URI} has, such as braces. */
    private static String origin(String url) {
        int path = url.indexOf('/', url.indexOf("://") + 3);
        return path < 0 ? url : url.substring(0, path);
    }
}
