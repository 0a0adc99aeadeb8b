package dev.sluice.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.HostAndPort;
import org.junit.jupiter.api.Test;

/** Which origins are this site's. */
class SameSiteTest {
    @Test
    void theHostThatWasCalledIsThisSite() {
        HostAndPort called = HostAndPort.create("Sluice.example", 8001);
        assertThat(SameSite.isOwn("http://sluice.example:8001", called, false)).isTrue();
        assertThat(SameSite.isOwn("https://sluice.example:8001", called, true)).isTrue();
        assertThat(SameSite.isOwn("http://sluice.example:8001", called, true)).isFalse();
        assertThat(SameSite.isOwn("http://sluice.example", called, false)).isFalse();
        assertThat(SameSite.isOwn("http://evil.example:8001", called, false)).isFalse();
        assertThat(SameSite.isOwn("http://sluice.example.evil:8001", called, false))
                .isFalse();
        assertThat(SameSite.isOwn("null", called, false)).isFalse();
        assertThat(SameSite.isOwn("http://[", called, false)).isFalse();
        assertThat(SameSite.isOwn("http://sluice.example:8001", null, false)).isFalse();
    }

    @Test
    void tlsMayEndInFrontOfTheControlPlane() {
        HostAndPort called = HostAndPort.create("sluice.example", -1);
        assertThat(SameSite.isOwn("https://sluice.example", called, false)).isTrue();
        assertThat(SameSite.isOwn("https://sluice.example:8443", called, false)).isFalse();
    }
}
