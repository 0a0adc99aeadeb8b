package dev.sluice.model.routing;

import dev.sluice.model.config.Protocol;
import dev.sluice.model.config.Route;
import dev.sluice.model.problem.Violation;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What a route must fulfil to be served. Fields are named as in JSON, relative to the route. */
public final class RouteRules {
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{M}0-9.\\-_~]+");
    private static final Pattern METHOD = Pattern.compile("[A-Z]+");
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]+");
    private static final Set<Integer> REDIRECTS = Set.of(426, 301, 302, 307, 308);

    private final Route route;
    private final boolean grpc;
    private final boolean tls;
    private final Faults faults = new Faults();

    private RouteRules(Route route) {
        this.route = route;
        this.grpc = route.protocols().stream().anyMatch(Protocol::grpc);
        this.tls = route.protocols().stream().anyMatch(Protocol::tls);
    }

    /** All faults, none when the route can be served. */
    public static List<Violation> check(Route route) {
        RouteRules rules = new RouteRules(route);
        rules.name();
        rules.protocols();
        rules.methods();
        rules.hosts();
        rules.paths();
        rules.headers();
        rules.snis();
        rules.somethingToMatch();
        rules.answers();
        rules.faults.tags(route.tags());
        return rules.faults.all();
    }

    private void name() {
        String name = route.name();
        faults.addIf(
                name != null && !NAME.matcher(name).matches(),
                "name",
                "pattern",
                "A name has letters, digits and . - _ ~ only");
    }

    private void protocols() {
        faults.addIf(route.protocols().isEmpty(), "protocols", "required", "At least one protocol is required");
        boolean mixed = grpc && !route.protocols().stream().allMatch(Protocol::grpc);
        faults.addIf(
                mixed, "protocols", "invalid", "Protocols are of http and https, or of grpc and grpcs, not of both");
    }

    private void methods() {
        for (int i = 0; i < route.methods().size(); i++) {
            boolean fits = METHOD.matcher(route.methods().get(i)).matches();
            faults.addIf(!fits, "methods[" + i + "]", "pattern", "A method has upper-case letters only");
        }
        faults.addIf(grpc && !route.methods().isEmpty(), "methods", "invalid", "A gRPC route cannot choose by method");
    }

    private void hosts() {
        for (int i = 0; i < route.hosts().size(); i++) {
            String host = route.hosts().get(i);
            faults.parse("hosts[" + i + "]", "pattern", () -> HostPattern.parse(host));
        }
    }

    private void paths() {
        for (int i = 0; i < route.paths().size(); i++) {
            path("paths[" + i + "]", route.paths().get(i));
        }
    }

    private void path(String field, String path) {
        if (PathPattern.isRegex(path)) {
            if (path.startsWith("~/")) {
                faults.parse(field, "invalid", () -> PathPattern.parse(path, 0, route.pathMatch()));
                return;
            }
        } else if (path.startsWith("/")) {
            if (path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
                faults.add(field, "pattern", "A path ends before ? and #");
                return;
            }
            String normal = PathNormalizer.normalize(path);
            faults.addIf(
                    !normal.equals(path),
                    field,
                    "not_normalised",
                    "The path must be normalised already: '" + normal + "'");
            return;
        }
        faults.add(field, "pattern", "A path begins with / (prefix) or ~/ (regular expression)");
    }

    private void headers() {
        route.headers().forEach((name, values) -> {
            String field = "headers." + name;
            if (!HEADER_NAME.matcher(name).matches()) {
                faults.add(field, "pattern", "Not a header name");
            } else if (name.equalsIgnoreCase("host")) {
                faults.add(field, "invalid", "Hosts are declared in the field hosts");
            }
            faults.addIf(values.isEmpty(), field, "required", "At least one value is required");
            headerValues(field, name, values);
        });
    }

    private void headerValues(String field, String name, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            String valueField = field + "[" + i + "]";
            if (!HeaderPattern.isRegex(values.get(i))) {
                continue;
            }
            if (values.size() > 1) {
                faults.add(valueField, "invalid", "A regular expression (~*) must be the only value of its header");
            } else {
                faults.parse(valueField, "invalid", () -> HeaderPattern.parse(name, values));
            }
        }
    }

    private void snis() {
        for (int i = 0; i < route.snis().size(); i++) {
            boolean fits = HostNames.isNameOrIpv4(route.snis().get(i));
            faults.addIf(!fits, "snis[" + i + "]", "pattern", "Not a host name");
        }
        faults.addIf(
                !tls && !route.snis().isEmpty(), "snis", "invalid", "SNIs need a protocol with TLS (https or grpcs)");
    }

    private void somethingToMatch() {
        boolean chooses = !route.hosts().isEmpty()
                || !route.headers().isEmpty()
                || !route.paths().isEmpty()
                || (!grpc && !route.methods().isEmpty())
                || (tls && !route.snis().isEmpty());
        String fields = (grpc ? "hosts, headers, paths" : "methods, hosts, headers, paths") + (tls ? ", snis" : "");
        faults.addIf(!chooses, "", "required", "At least one of " + fields + " is required");
    }

    private void answers() {
        faults.addIf(
                !REDIRECTS.contains(route.httpsRedirectStatusCode()),
                "https_redirect_status_code",
                "range",
                "Must be 426, 301, 302, 307 or 308");
        faults.addIf(grpc && route.stripPath(), "strip_path", "invalid", "Must be false on a gRPC route");
    }
}
