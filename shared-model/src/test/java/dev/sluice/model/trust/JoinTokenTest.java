package dev.sluice.model.trust;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.snapshot.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinTokenTest {
    private final JoinToken token = JoinToken.random(Digest.of("ca".getBytes(UTF_8)));

    @Test
    void isReadAsItIsWritten() {
        assertThat(JoinToken.parse(" " + token.text() + "\n")).isEqualTo(token);
    }

    @Test
    void twoAreNeverTheSame() {
        assertThat(JoinToken.random(token.authority()).secret()).isNotEqualTo(token.secret());
    }

    @Test
    void showsItsIdAlone() {
        assertThat(token.toString()).contains(token.id()).doesNotContain(token.secret());
    }

    @Test
    void isKeptAsAHash() {
        assertThat(token.secretHash()).isEqualTo(Digest.of(token.secret().getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sluice-join", "sluice-join.00.secret.ca", "a.b.c.d"})
    void anythingElseIsRefusedWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> JoinToken.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a join token, sluice-join.ID.SECRET.CA");
    }
}
