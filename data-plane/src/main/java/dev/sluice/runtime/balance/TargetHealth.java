package dev.sluice.runtime.balance;

/** How a target is, as one runtime sees it. The names, in lower case, go into reports. */
public enum TargetHealth {
    HEALTHY,
    /** An operator or checks took it out, at all of its addresses. */
    UNHEALTHY,
    /** Its name has no address that may be called. */
    DNS_ERROR
}
