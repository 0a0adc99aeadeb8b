package dev.sluice.model.wire;

import org.jspecify.annotations.Nullable;

/**
 * The control plane's answer to a report, after it committed what the report carried: all of it is acknowledged.
 *
 * @param now the control plane's clock in epoch milliseconds
 * @param epoch of the group's head
 * @param revision number of the group's head: a runtime behind it fetches at once
 * @param trust version of what this runtime is to trust ({@link Trust}): it asks anew when that is another than it has;
 *     null from a control plane that does not say
 */
public record ReportAnswer(
        long now, long epoch, long revision, @Nullable String trust) {}
