package dev.sluice.control.trust;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.http.Answer;
import dev.sluice.control.http.Call;
import dev.sluice.control.http.Operations;
import dev.sluice.control.trust.SigningKeyStore.Stored;
import dev.sluice.model.config.ConfigJson;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signing keys over REST: which there are, and a new one in the place of the one that signs. */
public final class SigningKeysApi {
    private static final Logger LOG = LoggerFactory.getLogger(SigningKeysApi.class);
    private static final long DAY_SECONDS = 86_400;

    private final SigningKeys keys;

    public SigningKeysApi(SigningKeys keys) {
        this.keys = keys;
    }

    public void register(Operations operations) {
        operations.on("listSigningKeys", this::list).on("rotateSigningKey", this::rotate);
    }

    private Future<Answer> list(Call call) {
        return keys.all().map(found -> Answer.ok(view(found)));
    }

    private Future<Answer> rotate(Call call) {
        Duration overlap = Duration.ofSeconds(call.body().path("overlap").asLong(DAY_SECONDS));
        return keys.rotate(call.caller(), overlap)
                .onSuccess(found -> LOG.info(
                        "{} has replaced the snapshot signing key; the former counts for {} s",
                        call.caller().name(),
                        overlap.toSeconds()))
                .map(found -> Answer.created(view(found), "/v1/signing-keys"));
    }

    private static ObjectNode view(List<Stored> keys) {
        ObjectNode view = ConfigJson.MAPPER.createObjectNode();
        ArrayNode data = view.putArray("data");
        keys.forEach(key -> data.addObject()
                .put("id", key.id())
                .put("state", key.retired() ? "retired" : key.retiresAt() == null ? "signing" : "accepted")
                .put("created_at", key.createdAt().toString())
                .put("expires_at", key.notAfter().toString())
                .put(
                        "retires_at",
                        key.retiresAt() == null ? null : key.retiresAt().toString()));
        return view;
    }
}
