package dev.sluice.model.routing;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathNormalizerTest {
    @ParameterizedTest(name = "{0} becomes {1}")
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "/, /",
                "\"\", /",
                "*, /*",
                "a/b, /a/b",
                "/a/b/, /a/b/",
                "//a///b//, /a/b/",
                "/a/./b, /a/b",
                "/a/../b, /b",
                "/a//../b, /b",
                "/a/b/.., /a/",
                "/a/b/., /a/b/",
                "/.., /",
                "/../../a, /a",
                "/.a/..b/c., /.a/..b/c.",
                "/..., /...",
                "/%2e%2E/a, /a",
                "/a/%2e/b, /a/b",
                "/%7Euser/%41%2d, /~user/A-",
                "/a%2fb%2Fc, /a%2Fb%2Fc",
                "/a%2f..%2fb, /a%2F..%2Fb",
                "/%21%2a%27%28%29%3b%3a%40%26%3d%2b%24%2c%3f%25%23%5b%5d, "
                        + "/%21%2A%27%28%29%3B%3A%40%26%3D%2B%24%2C%3F%25%23%5B%5D",
                "/a%20b%22%5c, \"/a b\"\"\\\"",
                "/%E4%BD%A0%e5%a5%bd, /你好",
                "/%F0%9F%98%80x, /😀x",
                "/%E4%BD, /%E4%BD",
                "/%ff%E4%BD%A0%c0%af, /%FF你%C0%AF",
                "/%ED%A0%80, /%ED%A0%80",
                "/a%00%0d%0A%7f, /a%00%0D%0A%7F",
            })
    void itHasOneSpelling(String raw, String normal) {
        assertThat(PathNormalizer.normalize(raw)).isEqualTo(normal);
    }

    @ParameterizedTest(name = "{0} becomes {1}")
    @CsvSource({"/%, /%25", "/100%/x, /100%25/x", "/%zz, /%25zz", "/%4, /%254", "/%%34%31, /%2541", "/%２e, /%25２e"})
    void aPercentSignWithoutTripletIsEncodedSoThatNoTripletArisesFromIt(String raw, String normal) {
        assertThat(PathNormalizer.normalize(raw)).isEqualTo(normal);
    }

    @Test
    void aPathThatIsNormalComesBackItself() {
        for (String path : new String[] {"/a/b.c/~d", "/", "/x%2Fy", "/.well-known/x", "/你"}) {
            assertThat(PathNormalizer.normalize(path)).isSameAs(path);
        }
    }

    @Property(tries = 5000)
    void normalisingTwiceIsNormalisingOnce(@ForAll("rawPaths") String raw) {
        String normal = PathNormalizer.normalize(raw);
        assertThat(PathNormalizer.normalize(normal)).isSameAs(normal);
    }

    @Property(tries = 5000)
    void noDotSegmentNoDoubleSlashAndNoStrayPercentSignIsLeft(@ForAll("rawPaths") String raw) {
        assertThat(PathNormalizer.normalize(raw))
                .startsWith("/")
                .doesNotContain("//")
                .doesNotContainPattern("/\\.\\.?(/|$)")
                .doesNotContainPattern("%(?![0-9A-F]{2})");
    }

    @Provide
    Arbitrary<String> rawPaths() {
        Arbitrary<String> pieces = Arbitraries.of(
                "/", "/", ".", "..", "a", "b", "%2e", "%2E", "%2f", "%", "%25", "%41", "4", "1", "2", "e", "é",
                "%C3%A9", "%C3", "%A9", "%F0", " ", "%5c", "%00");
        return pieces.list().ofMaxSize(14).map(list -> String.join("", list));
    }
}
