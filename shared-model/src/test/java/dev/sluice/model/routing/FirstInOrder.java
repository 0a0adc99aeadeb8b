package dev.sluice.model.routing;

import dev.sluice.model.config.PathMatch;
import dev.sluice.model.config.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The routing rules once more, word for word and without any index: every route once per path, sorted, the first that
 * matches wins. What {@link RouteTable} is held against; it shares none of its parts.
 */
final class FirstInOrder {
    record Path(Route route, @Nullable String path, int index) {}

    private final List<Path> sorted = new ArrayList<>();

    FirstInOrder(List<Route> routes) {
        for (Route route : routes) {
            if (route.paths().isEmpty()) {
                sorted.add(new Path(route, null, 0));
            }
            for (int i = 0; i < route.paths().size(); i++) {
                sorted.add(new Path(route, route.paths().get(i), i));
            }
        }
        sorted.sort(Comparator.comparing(
                        (Path p) -> -kinds(p).chars().filter(c -> c == '1').count())
                .thenComparing(FirstInOrder::kinds, Comparator.reverseOrder())
                .thenComparing(p -> !hasWildcardWithPort(p.route()))
                .thenComparing(p -> !hasPlainHostsOnly(p.route()))
                .thenComparing(p -> !isRegex(p))
                .thenComparing(p -> -p.route().headers().size())
                .thenComparing(p -> isRegex(p) ? -(long) p.route().regexPriority() : 0)
                .thenComparing(
                        p -> isRegex(p) || p.path() == null ? 0 : -p.path().length())
                .thenComparing(p -> p.route().createdAt())
                .thenComparing(p -> p.route().id().toString())
                .thenComparing(Path::index));
    }

    @Nullable
    Path winner(RequestDescription request) {
        return sorted.stream().filter(p -> matches(p, request)).findFirst().orElse(null);
    }

    private static String kinds(Path p) {
        Route route = p.route();
        return bit(!route.hosts().isEmpty())
                + bit(!route.headers().isEmpty())
                + bit(p.path() != null)
                + bit(!route.methods().isEmpty())
                + bit(!route.snis().isEmpty());
    }

    private static String bit(boolean set) {
        return set ? "1" : "0";
    }

    private static boolean isRegex(Path p) {
        return p.path() != null && p.path().startsWith("~");
    }

    private static boolean hasWildcardWithPort(Route route) {
        return route.hosts().stream().anyMatch(host -> host.contains("*") && host.contains(":"));
    }

    private static boolean hasPlainHostsOnly(Route route) {
        return !route.hosts().isEmpty() && route.hosts().stream().noneMatch(host -> host.contains("*"));
    }

    private static boolean matches(Path p, RequestDescription request) {
        Route route = p.route();
        return (route.methods().isEmpty() || route.methods().contains(request.method()))
                && (route.hosts().isEmpty() || route.hosts().stream().anyMatch(host -> hostMatches(host, request)))
                && (p.path() == null || pathMatches(route, p.path(), request.path()))
                && route.headers().entrySet().stream().allMatch(header -> headerMatches(header, request))
                && (route.snis().isEmpty() || !request.tls() || sniMatches(route, request.sni()));
    }

    private static boolean hostMatches(String wanted, RequestDescription request) {
        if (request.host() == null) {
            return false;
        }
        int port = request.port() != -1 ? request.port() : request.tls() ? 443 : 80;
        String name = wanted.contains(":") ? wanted.substring(0, wanted.indexOf(':')) : wanted;
        if (wanted.contains(":") && !wanted.endsWith(":" + port)) {
            return false;
        }
        String regex = Pattern.quote(name).replace("*", "\\E.+\\Q");
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE)
                .matcher(request.host())
                .matches();
    }

    private static boolean pathMatches(Route route, String wanted, String path) {
        if (wanted.startsWith("~")) {
            return Pattern.compile(wanted.substring(1)).matcher(path).lookingAt();
        }
        if (route.pathMatch() == PathMatch.SEGMENT) {
            return path.equals(wanted) || path.startsWith(wanted.endsWith("/") ? wanted : wanted + "/");
        }
        return path.startsWith(wanted);
    }

    private static boolean headerMatches(Map.Entry<String, List<String>> wanted, RequestDescription request) {
        return request.headerValues(wanted.getKey()).stream().anyMatch(value -> {
            String first = wanted.getValue().get(0);
            if (first.startsWith("~*")) {
                return Pattern.compile(first.substring(2), Pattern.CASE_INSENSITIVE)
                        .matcher(value)
                        .find();
            }
            return wanted.getValue().stream()
                    .anyMatch(v -> v.toLowerCase(Locale.ROOT).equals(value.toLowerCase(Locale.ROOT)));
        });
    }

    private static boolean sniMatches(Route route, @Nullable String sni) {
        return sni != null
                && route.snis().stream()
                        .anyMatch(wanted -> wanted.replaceAll("\\.$", "").equals(sni.replaceAll("\\.$", "")));
    }
}
