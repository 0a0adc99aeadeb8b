package dev.sluice.model.trust;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealingKeyTest {
    private static final byte[] SECRET = "the private key".getBytes(UTF_8);

    private final SealingKey key = SealingKey.random();

    @Test
    void opensWhatItSealed() {
        String sealed = key.seal("certificate/1/key", SECRET);

        assertThat(SealingKey.isSealed(sealed)).isTrue();
        assertThat(SealingKey.keyId(sealed)).isEqualTo(key.id());
        assertThat(key.open("certificate/1/key", sealed)).isEqualTo(SECRET);
    }

    @Test
    void twoSealedValuesOfOneSecretDiffer() {
        assertThat(key.seal("a", SECRET)).isNotEqualTo(key.seal("a", SECRET));
    }

    @Test
    void aSealedValueOpensNowhereElse() {
        String sealed = key.seal("certificate/1/key", SECRET);

        assertThatThrownBy(() -> key.open("certificate/2/key", sealed)).isInstanceOf(UnsealableException.class);
    }

    @Test
    void everyChangedBitIsFound() {
        String sealed = key.seal("a", SECRET);
        int start = sealed.lastIndexOf(':') + 1;
        byte[] bytes = Base64.getDecoder().decode(sealed.substring(start));
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] changed = bytes.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            String text = sealed.substring(0, start) + Base64.getEncoder().encodeToString(changed);
            assertThatThrownBy(() -> key.open("a", text)).isInstanceOf(UnsealableException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sealed:1:", "sealed:1:x", "plain", "sealed:2:0011223344556677:AAAA"})
    void whatIsNotSealedIsRefused(String text) {
        assertThatThrownBy(() -> key.open("a", text)).isInstanceOf(UnsealableException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!", "AAAA"})
    void damagedBytesAreRefused(String base64) {
        assertThatThrownBy(() -> key.open("a", "sealed:1:" + key.id() + ":" + base64))
                .isInstanceOf(UnsealableException.class);
    }

    @Test
    void formerKeysOpenAndOnlyTheCurrentOneSeals() {
        SealingKey former = SealingKey.random();
        SealingKeys keys = new SealingKeys(key, List.of(former));

        assertThat(keys.open("a", former.seal("a", SECRET))).isEqualTo(SECRET);
        assertThat(SealingKey.keyId(keys.seal("a", SECRET))).isEqualTo(key.id());
        String ofAnother = SealingKey.random().seal("a", SECRET);
        assertThatThrownBy(() -> keys.open("a", ofAnother))
                .isInstanceOf(UnsealableException.class)
                .hasMessageContaining(SealingKey.keyId(ofAnother));
    }

    @Test
    void isReadFromHexadecimalAndBase64() {
        byte[] bytes = key.bytes();

        assertThat(SealingKey.parse(HexFormat.of().formatHex(bytes) + "\n").id())
                .isEqualTo(key.id());
        assertThat(SealingKey.parse(Base64.getEncoder().encodeToString(bytes)).id())
                .isEqualTo(key.id());
        assertThat(SealingKey.parse(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))
                        .id())
                .isEqualTo(key.id());
    }

    @Test
    void aKeyOfAnotherLengthIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> SealingKey.parse("c2VjcmV0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not 32 bytes as base64 or as 64 hexadecimal digits");
    }

    @Test
    void neitherKeyNorIdTellsTheKey() {
        String hex = HexFormat.of().formatHex(key.bytes());

        assertThat(key.toString()).isEqualTo("SealingKey " + key.id());
        assertThat(hex).doesNotContain(key.id());
    }
}
