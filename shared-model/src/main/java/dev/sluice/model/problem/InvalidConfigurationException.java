package dev.sluice.model.problem;

import java.util.List;

/** A configuration that cannot be served, with all that is wrong with it. */
public final class InvalidConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    public InvalidConfigurationException(List<Violation> violations) {
        super(violations.isEmpty() ? "invalid configuration" : describe(violations));
        this.violations = List.copyOf(violations);
    }

    /** At least one, in the order in which they were found. */
    public List<Violation> violations() {
        return violations;
    }

    private static String describe(List<Violation> violations) {
        Violation first = violations.get(0);
        String more = violations.size() == 1 ? "" : " (and " + (violations.size() - 1) + " more)";
        return first.field() + ": " + first.message() + more;
    }
}
