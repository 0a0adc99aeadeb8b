package dev.sluice.runtime.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.settings.HostPort;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnAddressTest {
    private static final HostPort ANY = new HostPort("0.0.0.0", 5701);
    private static final HostPort NOWHERE = new HostPort("nowhere.invalid", 5701);

    @Test
    void anAddressOfItsOwnIsAdvertisedAsItIs() throws IOException {
        HostPort given = new HostPort("192.0.2.7", 5701);
        assertThat(OwnAddress.facing(given, List.of())).isEqualTo(given);
    }

    @Test
    void everyAddressStandsForTheOneFromWhichTheFirstMemberThatResolvesIsCalled() throws IOException {
        assertThat(OwnAddress.facing(ANY, List.of(NOWHERE, new HostPort("127.0.0.1", 5702))))
                .isEqualTo(new HostPort("127.0.0.1", 5701));
    }

    @Test
    void withoutAMemberThatResolvesThereIsNoSuchAddress() {
        assertThatThrownBy(() -> OwnAddress.facing(ANY, List.of(NOWHERE))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> OwnAddress.facing(ANY, List.of())).isInstanceOf(IOException.class);
    }
}
