package dev.sluice.control.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.fleet.FleetGate;
import dev.sluice.control.fleet.Head;
import dev.sluice.control.fleet.RuntimeProgress;
import dev.sluice.model.config.ConfigJson;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Honours {@code Prefer: wait=N} (RFC 7240) on writes: answers when the fleet serves them, and says who does. */
final class FleetWait {
    private static final Logger LOG = LoggerFactory.getLogger(FleetWait.class);
    private static final Pattern WAIT =
            Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*\"?(\\d{1,9})\"?", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST = 60;

    private final FleetGate gate;

    FleetWait(FleetGate gate) {
        this.gate = gate;
    }

    /** @param prefer the request's header, or null */
    Future<Answer> after(@Nullable String prefer, Answer answer) {
        List<Head> heads = answer.heads();
        Matcher wait = WAIT.matcher(prefer == null ? "" : prefer);
        if (heads == null || !wait.find()) {
            return Future.succeededFuture(answer);
        }
        int seconds = Math.min(Integer.parseInt(wait.group(1)), LONGEST);
        return gate.awaitServing(heads, Duration.ofSeconds(seconds))
                .map(runtimes -> told(answer, runtimes, runtimes.stream().allMatch(RuntimeProgress::serving)))
                .recover(failure -> {
                    LOG.warn("Waiting for the fleet failed; the write itself is stored", failure);
                    return Future.succeededFuture(told(answer, List.of(), false));
                })
                .map(told -> told.header("Preference-Applied", "wait=" + seconds));
    }

    private static Answer told(Answer answer, List<RuntimeProgress> runtimes, boolean everywhere) {
        JsonNode body = answer.body() == null
                ? ConfigJson.MAPPER.createObjectNode()
                : ConfigJson.MAPPER.valueToTree(answer.body());
        if (!(body instanceof ObjectNode object)) {
            throw new IllegalStateException("A write answers with an object or nothing");
        }
        object.set("runtimes", ConfigJson.MAPPER.valueToTree(runtimes));
        int status = everywhere ? (answer.status() == 204 ? 200 : answer.status()) : 202;
        return new Answer(status, object, answer.headers(), answer.heads());
    }
}
