package dev.sluice.model.wire;

/** Paths and headers of the runtime API, which runtimes call and control planes serve. */
public final class RuntimeApi {
    /** {@code POST}, without a client certificate: an {@link EnrolmentRequest}, answered by an {@link Enrolment}. */
    public static final String ENROLMENT_PATH = "/runtime/v1/enrolment";

    /** {@code POST}: a {@link RenewalRequest}, answered by an {@link Enrolment}. */
    public static final String RENEWAL_PATH = "/runtime/v1/renewal";

    /** {@code GET}: a {@link Trust}. */
    public static final String TRUST_PATH = "/runtime/v1/trust";

    /** {@code GET}: the group's snapshot; {@code If-None-Match} with the ETag of the one at hand gives 304. */
    public static final String SNAPSHOT_PATH = "/runtime/v1/snapshot";

    /** {@code POST}: a {@link Report}, answered by a {@link ReportAnswer}. */
    public static final String REPORT_PATH = "/runtime/v1/report";

    /** Largest accepted report in bytes, before decompression and after; a runtime splits what is larger. */
    public static final int MAX_REPORT_BYTES = 4 * 1024 * 1024;

    private RuntimeApi() {}
}
