package dev.sluice.model.routing;

import dev.sluice.model.config.HashOn;
import dev.sluice.model.config.HealthChecks;
import dev.sluice.model.config.HealthChecks.Active;
import dev.sluice.model.config.HealthChecks.Passive;
import dev.sluice.model.config.TargetAddress;
import dev.sluice.model.config.Upstream;
import dev.sluice.model.problem.Violation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an upstream must fulfil to be served. Fields are named as in JSON, relative to the upstream. */
public final class UpstreamRules {
    private static final double LONGEST_SECONDS = 65_535;
    private static final double LONGEST_SLOW_START = 3_600;
    private static final int MOST_REQUESTS = 1_000_000;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]*");
    private static final Pattern PATH = Pattern.compile("/[\\x21\\x23-\\x7e]*");
    private static final Pattern COOKIE_PATH = Pattern.compile("/[\\x20-\\x3a\\x3c-\\x7e]*");
    private static final Pattern GROUP = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** What a check's connection needs for itself (RFC 9110 7.6.1 and 8.6), and what the target's address decides. */
    private static final Set<String> NOT_FOR_CHECKS =
            Set.of("connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect");

    private UpstreamRules() {}

    /** All faults, none when the upstream can be served. */
    public static List<Violation> check(Upstream upstream) {
        Faults faults = new Faults();
        String name = upstream.name();
        faults.addIf(
                !HostNames.isNameOrIpv4(name) || HostNames.isIpv4(name) || name.endsWith("."),
                "name",
                "pattern",
                "Must be a host name without port, and no IP address, such as orders.upstream");
        hashing(upstream, faults);
        faults.outside("slots", upstream.slots(), 10, 65_536);
        hostHeader(upstream.hostHeader(), faults);
        seconds("slow_start", upstream.slowStart(), 0, LONGEST_SLOW_START, faults);
        limit("max_requests", upstream.maxRequests(), faults);
        limit("max_pending_requests", upstream.maxPendingRequests(), faults);
        checks(upstream.healthchecks(), faults);
        faults.tags(upstream.tags());
        return faults.all();
    }

    private static void hashing(Upstream upstream, Faults faults) {
        HashOn on = upstream.hashOn();
        HashOn fallback = upstream.hashFallback();
        if (fallback != HashOn.NONE && (on == HashOn.NONE || on == HashOn.COOKIE)) {
            faults.add(
                    "hash_fallback",
                    "conflict",
                    on == HashOn.NONE
                            ? "Must be none where hash_on is"
                            : "Must be none with hash_on cookie: a request without the cookie gets one");
        }
        boolean named = on == HashOn.HEADER || on == HashOn.QUERY_ARG || on == HashOn.URI_CAPTURE;
        boolean same = !named && on != HashOn.NONE && on == fallback;
        faults.addIf(same, "hash_fallback", "conflict", "Must differ from hash_on");
        source("hash_on_header", on == HashOn.HEADER, upstream.hashOnHeader(), TOKEN, faults);
        source("hash_fallback_header", fallback == HashOn.HEADER, upstream.hashFallbackHeader(), TOKEN, faults);
        boolean cookie = on == HashOn.COOKIE || fallback == HashOn.COOKIE;
        source("hash_on_cookie", cookie, upstream.hashOnCookie(), TOKEN, faults);
        source("hash_on_query_arg", on == HashOn.QUERY_ARG, upstream.hashOnQueryArg(), PRINTABLE, faults);
        source(
                "hash_fallback_query_arg",
                fallback == HashOn.QUERY_ARG,
                upstream.hashFallbackQueryArg(),
                PRINTABLE,
                faults);
        source("hash_on_uri_capture", on == HashOn.URI_CAPTURE, upstream.hashOnUriCapture(), GROUP, faults);
        source(
                "hash_fallback_uri_capture",
                fallback == HashOn.URI_CAPTURE,
                upstream.hashFallbackUriCapture(),
                GROUP,
                faults);
        distinct("hash_fallback_header", lower(upstream.hashOnHeader()), lower(upstream.hashFallbackHeader()), faults);
        distinct("hash_fallback_query_arg", upstream.hashOnQueryArg(), upstream.hashFallbackQueryArg(), faults);
        distinct("hash_fallback_uri_capture", upstream.hashOnUriCapture(), upstream.hashFallbackUriCapture(), faults);
        faults.addIf(
                !COOKIE_PATH.matcher(upstream.hashOnCookiePath()).matches(),
                "hash_on_cookie_path",
                "pattern",
                "Must begin with / and have no semicolon");
    }

    private static void source(String field, boolean wanted, @Nullable String value, Pattern form, Faults faults) {
        if (value == null || value.isEmpty()) {
            faults.addIf(wanted, field, "required", "Is required by hash_on or hash_fallback");
        } else {
            faults.addIf(!form.matcher(value).matches(), field, "pattern", "Has a character that cannot be there");
        }
    }

    private static void distinct(String field, @Nullable String on, @Nullable String fallback, Faults faults) {
        faults.addIf(on != null && on.equals(fallback), field, "conflict", "Must differ from what hash_on looks at");
    }

    private static @Nullable String lower(@Nullable String text) {
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    private static void hostHeader(@Nullable String value, Faults faults) {
        if (value == null) {
            return;
        }
        try {
            String host = TargetAddress.parse(value).host();
            faults.addIf(
                    !isHost(host), "host_header", "pattern", "Must be a host name or address, with a port or none");
        } catch (IllegalArgumentException e) {
            faults.add("host_header", "pattern", String.valueOf(e.getMessage()));
        }
    }

    static boolean isHost(String host) {
        return HostNames.isNameOrIpv4(host) || HostNames.isIpv6(host);
    }

    private static void limit(String field, @Nullable Integer value, Faults faults) {
        if (value != null) {
            faults.outside(field, value, 1, MOST_REQUESTS);
        }
    }

    private static void checks(HealthChecks checks, Faults faults) {
        seconds("healthchecks.threshold", checks.threshold(), 0, 100, faults);
        active(checks.active(), faults);
        Passive passive = checks.passive();
        String in = "healthchecks.passive.";
        statuses(in + "healthy.http_statuses", passive.healthy().httpStatuses(), faults);
        counter(in + "healthy.successes", passive.healthy().successes(), faults);
        statuses(in + "unhealthy.http_statuses", passive.unhealthy().httpStatuses(), faults);
        counter(in + "unhealthy.tcp_failures", passive.unhealthy().tcpFailures(), faults);
        counter(in + "unhealthy.timeouts", passive.unhealthy().timeouts(), faults);
        counter(in + "unhealthy.http_failures", passive.unhealthy().httpFailures(), faults);
    }

    private static void active(Active active, Faults faults) {
        String in = "healthchecks.active.";
        boolean runs = active.healthy().interval() > 0 || active.unhealthy().interval() > 0;
        seconds(in + "timeout", active.timeout(), runs ? 0.001 : 0, LONGEST_SECONDS, faults);
        faults.outside(in + "concurrency", active.concurrency(), 1, 1000);
        faults.addIf(
                !PATH.matcher(active.httpPath()).matches(),
                in + "http_path",
                "pattern",
                "Must begin with / and be of characters that a request line may have");
        String sni = active.httpsSni();
        faults.addIf(
                sni != null && (!HostNames.isNameOrIpv4(sni) || HostNames.isIpv4(sni)),
                in + "https_sni",
                "pattern",
                "Must be a host name");
        for (Map.Entry<String, List<String>> header : active.headers().entrySet()) {
            String field = in + "headers." + header.getKey();
            boolean good = TOKEN.matcher(header.getKey()).matches()
                    && header.getValue().stream()
                            .allMatch(value -> PRINTABLE.matcher(value).matches());
            faults.addIf(!good, field, "pattern", "Has a character that a header cannot have");
            faults.addIf(
                    NOT_FOR_CHECKS.contains(header.getKey().toLowerCase(Locale.ROOT)),
                    field,
                    "invalid",
                    "Is the connection's own and cannot be set");
        }
        seconds(in + "healthy.interval", active.healthy().interval(), 0, LONGEST_SECONDS, faults);
        statuses(in + "healthy.http_statuses", active.healthy().httpStatuses(), faults);
        counter(in + "healthy.successes", active.healthy().successes(), faults);
        seconds(in + "unhealthy.interval", active.unhealthy().interval(), 0, LONGEST_SECONDS, faults);
        statuses(in + "unhealthy.http_statuses", active.unhealthy().httpStatuses(), faults);
        counter(in + "unhealthy.tcp_failures", active.unhealthy().tcpFailures(), faults);
        counter(in + "unhealthy.timeouts", active.unhealthy().timeouts(), faults);
        counter(in + "unhealthy.http_failures", active.unhealthy().httpFailures(), faults);
    }

    private static void seconds(String field, double value, double least, double most, Faults faults) {
        // Written so that NaN is a fault too.
        faults.addIf(
                !(value >= least && value <= most),
                field,
                "range",
                "Must be from " + number(least) + " to " + number(most));
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private static void counter(String field, int value, Faults faults) {
        faults.outside(field, value, 0, 255);
    }

    private static void statuses(String field, List<Integer> statuses, Faults faults) {
        for (int i = 0; i < statuses.size(); i++) {
            faults.outside(field + "[" + i + "]", statuses.get(i), 100, 999);
        }
    }
}
