package dev.sluice.model.routing;

import dev.sluice.model.config.Implementation;
import dev.sluice.model.problem.Violation;
import java.util.List;

/** What an implementation must fulfil to be served. Fields are named as in JSON, relative to the implementation. */
public final class ImplementationRules {
    private static final long LONGEST_TIMEOUT = Integer.MAX_VALUE - 1L;

    private ImplementationRules() {}

    /** All faults, none when the implementation can be served. */
    public static List<Violation> check(Implementation implementation) {
        Faults faults = new Faults();
        boolean isHost = HostNames.isNameOrIpv4(implementation.host()) || HostNames.isIpv6(implementation.host());
        faults.addIf(
                !isHost, "host", "pattern", "Must be a host name or IP address, without port (IPv6 without brackets)");
        faults.outside("port", implementation.port(), 1, 65535);
        path(implementation, faults);
        faults.outside("retries", implementation.retries(), 0, 32767);
        faults.outside("connect_timeout", implementation.connectTimeout(), 1, LONGEST_TIMEOUT);
        faults.outside("write_timeout", implementation.writeTimeout(), 1, LONGEST_TIMEOUT);
        faults.outside("read_timeout", implementation.readTimeout(), 1, LONGEST_TIMEOUT);
        Long requestTimeout = implementation.requestTimeout();
        if (requestTimeout != null) {
            faults.outside("request_timeout", requestTimeout, 1, LONGEST_TIMEOUT);
        }
        tls(implementation, faults);
        faults.tags(implementation.tags());
        return faults.all();
    }

    private static void path(Implementation implementation, Faults faults) {
        String path = implementation.path();
        if (path == null) {
            return;
        }
        if (implementation.protocol().grpc()) {
            faults.add("path", "invalid", "A gRPC implementation has no path");
        } else if (!path.startsWith("/")) {
            faults.add("path", "pattern", "Must begin with /");
        } else if (path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
            faults.add("path", "pattern", "Must end before ? and #");
        } else {
            String normal = PathNormalizer.normalize(path);
            faults.addIf(
                    !normal.equals(path),
                    "path",
                    "not_normalised",
                    "The path must be normalised already: '" + normal + "'");
        }
    }

    private static void tls(Implementation implementation, Faults faults) {
        Integer depth = implementation.tlsVerifyDepth();
        if (depth != null) {
            faults.outside("tls_verify_depth", depth, 0, 64);
        }
        if (implementation.protocol().tls()) {
            return;
        }
        String message = "Only with protocol https or grpcs";
        faults.addIf(implementation.clientCertificate() != null, "client_certificate", "invalid", message);
        faults.addIf(implementation.tlsVerify() != null, "tls_verify", "invalid", message);
        faults.addIf(depth != null, "tls_verify_depth", "invalid", message);
        faults.addIf(!implementation.caCertificates().isEmpty(), "ca_certificates", "invalid", message);
    }
}
