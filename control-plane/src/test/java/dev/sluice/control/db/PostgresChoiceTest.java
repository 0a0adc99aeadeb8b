package dev.sluice.control.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresChoiceTest {
    private final List<String> refusals = new ArrayList<>();

    @Test
    void embeddedStartsNoContainer() {
        assertThat(PostgresChoice.EMBEDDED.start(PostgresChoiceTest::noContainer, () -> "embedded", refusals::add))
                .isEqualTo("embedded");
        assertThat(refusals).isEmpty();
    }

    @Test
    void aContainerThatIsDemandedIsNotReplaced() {
        assertThatThrownBy(() -> PostgresChoice.CONTAINER.start(
                        PostgresChoiceTest::noContainer, () -> "embedded", refusals::add))
                .hasMessage("no image");
    }

    @Test
    void eitherMakesDoWithTheEmbeddedOne() {
        assertThat(PostgresChoice.EITHER.start(PostgresChoiceTest::noContainer, () -> "embedded", refusals::add))
                .isEqualTo("embedded");
    }

    private static String noContainer() {
        throw new IllegalStateException("no image");
    }
}
