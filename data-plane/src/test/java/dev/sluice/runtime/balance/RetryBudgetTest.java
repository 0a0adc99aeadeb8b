package dev.sluice.runtime.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Retries add a fifth of the load at most. */
final class RetryBudgetTest {
    private final RetryBudget budget = new RetryBudget();
    private long now = TimeUnit.SECONDS.toNanos(-3);

    private int taken() {
        int taken = 0;
        while (budget.take(now)) {
            taken++;
        }
        return taken;
    }

    private void request(int times) {
        for (int i = 0; i < times; i++) {
            budget.requested(now);
        }
    }

    private void pass(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void aSingleRequestMayBeRepeated() {
        request(1);
        assertThat(taken()).isEqualTo(RetryBudget.FLOOR);
    }

    @Test
    void aFifthOfTheLoadMayBeRepeated() {
        request(5_000);
        assertThat(taken()).isEqualTo(1_000);
        request(5);
        assertThat(taken()).isEqualTo(1);
    }

    @Test
    void whatIsTenSecondsOldDoesNotCount() {
        request(5_000);
        pass(5);
        assertThat(taken()).isEqualTo(1_000);
        pass(5);
        assertThat(taken()).isZero();
        pass(4);
        assertThat(taken()).isZero();
        pass(1);
        assertThat(taken()).isEqualTo(RetryBudget.FLOOR);
        pass(3_600);
        assertThat(taken()).isEqualTo(RetryBudget.FLOOR);
    }
}
