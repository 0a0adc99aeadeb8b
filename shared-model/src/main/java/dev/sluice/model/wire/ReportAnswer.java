package dev.sluice.model.wire;

/**
 * The control plane's answer to a report, after it committed what the report carried: all of it is acknowledged.
 *
 * @param now the control plane's clock in epoch milliseconds
 * @param epoch of the group's head
 * @param revision number of the group's head: a runtime behind it fetches at once
 */
public record ReportAnswer(long now, long epoch, long revision) {}
