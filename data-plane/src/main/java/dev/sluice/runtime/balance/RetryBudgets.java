package dev.sluice.runtime.balance;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The budgets of one event loop, by implementation; used on that event loop alone. */
public final class RetryBudgets {
    /** Beyond so many all begin anew. */
    private static final int MANY = 10_000;

    private final Map<UUID, RetryBudget> budgets = new HashMap<>();

    public RetryBudget of(UUID implementation) {
        RetryBudget known = budgets.get(implementation);
        if (known != null) {
            return known;
        }
        if (budgets.size() >= MANY) {
            budgets.clear();
        }
        RetryBudget made = new RetryBudget();
        budgets.put(implementation, made);
        return made;
    }
}
