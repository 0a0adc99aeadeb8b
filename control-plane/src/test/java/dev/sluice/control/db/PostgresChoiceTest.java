package dev.sluice.control.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class PostgresChoiceTest {
    private static final Supplier<String> NO_CONTAINER = () -> {
        throw new IllegalStateException("no image");
    };

    private final List<String> refusals = new ArrayList<>();

    @Test
    void embeddedStartsNoContainer() {
        assertThat(PostgresChoice.EMBEDDED.start(NO_CONTAINER, () -> "embedded", refusals::add))
                .isEqualTo("embedded");
        assertThat(refusals).isEmpty();
    }

    @Test
    void aContainerThatIsDemandedIsNotReplaced() {
        assertThatThrownBy(() -> PostgresChoice.CONTAINER.start(NO_CONTAINER, () -> "embedded", refusals::add))
                .hasMessage("no image");
    }

    @Test
    void eitherMakesDoWithTheEmbeddedOne() {
        assertThat(PostgresChoice.EITHER.start(NO_CONTAINER, () -> "embedded", refusals::add))
                .isEqualTo("embedded");
    }
}
