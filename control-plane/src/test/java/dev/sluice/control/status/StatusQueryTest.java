package dev.sluice.control.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.control.status.StatusQuery.By;
import dev.sluice.control.status.StatusQuery.Unit;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import java.time.Instant;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusQueryTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:34:56.789Z");

    private static StatusQuery query(
            @Nullable String from, @Nullable String to, @Nullable String step, @Nullable String by) {
        return StatusQuery.of(from, to, step, by, NOW);
    }

    @Test
    void withoutParametersItIsTheLastFiveMinutesByMinute() {
        StatusQuery query = query(null, null, null, null);

        assertThat(query.from()).isEqualTo(Instant.parse("2026-11-23T12:29:00Z"));
        assertThat(query.to()).isEqualTo(Instant.parse("2026-11-23T12:35:00Z"));
        assertThat(query.step()).isEqualTo(60);
        assertThat(query.by()).isEmpty();
        assertThat(query.unit()).isEqualTo(Unit.MINUTE);
    }

    @Test
    void stepsBelowAMinuteComeFromSeconds() {
        StatusQuery query = query("2026-11-23T12:34:00.5Z", null, "5", "code,runtime,route");

        assertThat(query.unit()).isEqualTo(Unit.SECOND);
        assertThat(query.from()).isEqualTo(Instant.parse("2026-11-23T12:34:00Z"));
        assertThat(query.to()).isEqualTo(Instant.parse("2026-11-23T12:34:57Z"));
        assertThat(query.by()).containsExactlyInAnyOrder(By.ROUTE, By.RUNTIME);
    }

    @Test
    void whatBeganMoreThan25HoursAgoComesInHours() {
        StatusQuery query = query("2026-11-20T01:02:03+02:00", "2026-11-23T12:00:00Z", "5400", null);

        assertThat(query.unit()).isEqualTo(Unit.HOUR);
        assertThat(query.step()).isEqualTo(7200);
        assertThat(query.from()).isEqualTo(Instant.parse("2026-11-19T23:00:00Z"));
        assertThat(query.to()).isEqualTo(Instant.parse("2026-11-23T12:00:00Z"));
    }

    @Test
    void everythingThatIsWrongIsListed() {
        assertThatThrownBy(() -> query("yesterday", "+999999999-01-01T00:00:00Z", "0", "weather"))
                .asInstanceOf(InstanceOfAssertFactories.type(InvalidConfigurationException.class))
                .extracting(InvalidConfigurationException::violations)
                .asInstanceOf(InstanceOfAssertFactories.list(Violation.class))
                .extracting(Violation::field)
                .containsExactlyInAnyOrder("from", "to", "step", "by");
    }

    @Test
    void aRangeMustRunForwardsAndBeOfDecentLength() {
        assertThatThrownBy(() -> query("2026-11-23T12:00:00Z", "2026-11-23T11:00:00Z", null, null))
                .isInstanceOf(InvalidConfigurationException.class);
        assertThatThrownBy(() -> query("2026-11-23T11:00:00Z", null, "1", null))
                .isInstanceOf(InvalidConfigurationException.class);
        assertThatThrownBy(() -> query("1990-01-01T00:00:00Z", null, "3600", null))
                .isInstanceOf(InvalidConfigurationException.class);
        assertThatThrownBy(() -> query("2026-11-23T10:00:00Z", null, "90", null))
                .isInstanceOf(InvalidConfigurationException.class);
    }
}
