package dev.sluice.model.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How an upstream's targets are found healthy or not. Everything is off until numbers above zero are set; names and
 * defaults are Kong's.
 *
 * @param active runtimes ask targets by themselves
 * @param passive runtimes look at what clients' requests are answered with
 * @param threshold percent of the targets' weight that must be healthy; where less is, the upstream is not called: 0 to
 *     100
 */
public record HealthChecks(Active active, Passive passive, double threshold) {
    public HealthChecks {
        Objects.requireNonNull(active, "active is required");
        Objects.requireNonNull(passive, "passive is required");
    }

    /**
     * @param timeout seconds for one check
     * @param concurrency checks of the upstream at a time, on one runtime: 1 to 1000
     * @param httpPath with http and https: path and query that is asked for
     * @param httpsSni server name, with https and grpcs; null means that of requests, which is the upstream's host_header's
     *     or else the target's
     * @param httpsVerifyCertificate whether the target's certificate must come from an authority that requests trust too
     * @param headers sent with http and https
     * @param healthy when a target counts as healthy again
     * @param unhealthy when it does not any more
     */
    public record Active(
            HealthCheckType type,
            double timeout,
            int concurrency,
            String httpPath,
            @Nullable String httpsSni,
            boolean httpsVerifyCertificate,
            Map<String, List<String>> headers,
            ActiveHealthy healthy,
            ActiveUnhealthy unhealthy) {
        public Active {
            Objects.requireNonNull(type, "type is required");
            Objects.requireNonNull(httpPath, "http_path is required");
            Objects.requireNonNull(healthy, "healthy is required");
            Objects.requireNonNull(unhealthy, "unhealthy is required");
            Map<String, List<String>> copied = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            headers.forEach((header, values) -> copied.put(header, List.copyOf(values)));
            headers = Collections.unmodifiableMap(copied);
        }
    }

    /**
     * @param interval seconds between checks of a healthy target; 0 for none
     * @param httpStatuses that count as success
     * @param successes in a row that bring a target back; 0: none does
     */
    public record ActiveHealthy(double interval, List<Integer> httpStatuses, int successes) {
        public ActiveHealthy {
            httpStatuses = List.copyOf(httpStatuses);
        }
    }

    /**
     * @param interval seconds between checks of an unhealthy target; 0 for none
     * @param httpStatuses that count as failure
     * @param tcpFailures in a row, of connections, that take a target out; 0: none does
     * @param timeouts likewise, of checks that take too long
     * @param httpFailures likewise, by status
     */
    public record ActiveUnhealthy(
            double interval, List<Integer> httpStatuses, int tcpFailures, int timeouts, int httpFailures) {
        public ActiveUnhealthy {
            httpStatuses = List.copyOf(httpStatuses);
        }
    }

    /** @param type as in Kong; the answers are looked at either way */
    public record Passive(HealthCheckType type, PassiveHealthy healthy, PassiveUnhealthy unhealthy) {
        public Passive {
            Objects.requireNonNull(type, "type is required");
            Objects.requireNonNull(healthy, "healthy is required");
            Objects.requireNonNull(unhealthy, "unhealthy is required");
        }
    }

    /**
     * @param httpStatuses that count as success
     * @param successes in a row that bring a target back; 0: none does
     */
    public record PassiveHealthy(List<Integer> httpStatuses, int successes) {
        public PassiveHealthy {
            httpStatuses = List.copyOf(httpStatuses);
        }
    }

    /**
     * @param httpStatuses that count as failure
     * @param tcpFailures in a row, of connections that are refused or break, that take a target out; 0: none does
     * @param timeouts likewise, of connecting, writing or reading
     * @param httpFailures likewise, by status
     */
    public record PassiveUnhealthy(List<Integer> httpStatuses, int tcpFailures, int timeouts, int httpFailures) {
        public PassiveUnhealthy {
            httpStatuses = List.copyOf(httpStatuses);
        }

        /** Whether anything takes a target out. */
        public boolean on() {
            return tcpFailures > 0 || timeouts > 0 || httpFailures > 0;
        }
    }
}
