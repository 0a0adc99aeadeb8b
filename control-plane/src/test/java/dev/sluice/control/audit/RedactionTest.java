package dev.sluice.control.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.config.ConfigJson;
import org.junit.jupiter.api.Test;

/** Of a secret the audit trail shows whether it changed. */
class RedactionTest {
    @Test
    void secretsShowOnlyWhetherTheyChanged() throws JsonProcessingException {
        ObjectNode before =
                json("{'name': 'c', 'key': 'one', 'tls': {'private_key': 'two'}, 'list': [{'secret': 'x'}]}");
        ObjectNode after =
                json("{'name': 'd', 'key': 'one', 'tls': {'private_key': 'three'}, 'list': [{'secret': 'y'}]}");
        Redaction.Pair pair = Redaction.of(before, after);
        assertThat(pair.before())
                .isEqualTo(
                        json(
                                "{'name': 'c', 'key': 'sealed', 'tls': {'private_key': 'sealed'}, 'list': [{'secret': 'sealed'}]}"));
        assertThat(pair.after())
                .isEqualTo(json("{'name': 'd', 'key': 'sealed', 'tls': {'private_key': 'sealed, changed'},"
                        + " 'list': [{'secret': 'sealed, changed'}]}"));
        assertThat(before.path("key").asText()).isEqualTo("one");
    }

    @Test
    void whatIsNewOrGoneIsSealedToo() throws JsonProcessingException {
        ObjectNode only = json("{'password': 'p', 'token': null, 'sealed_key': {'bytes': 'b'}}");
        ObjectNode sealed = json("{'password': 'sealed', 'token': null, 'sealed_key': 'sealed'}");
        assertThat(Redaction.of(null, only).after()).isEqualTo(sealed);
        assertThat(Redaction.of(only, null).before()).isEqualTo(sealed);
        assertThat(Redaction.of(only, null).after()).isNull();
    }

    private static ObjectNode json(String text) throws JsonProcessingException {
        return (ObjectNode) ConfigJson.MAPPER.readTree(text.replace('\'', '"'));
    }
}
