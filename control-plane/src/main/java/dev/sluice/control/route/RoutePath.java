package dev.sluice.control.route;

import dev.sluice.control.http.Call;
import dev.sluice.control.owner.IdOrName;
import org.jspecify.annotations.Nullable;

/**
 * Which route a request is about.
 *
 * @param version null where the route is named flat, without the version that it belongs to
 */
record RoutePath(@Nullable Version version, IdOrName route) {
    record Version(IdOrName service, IdOrName version) {
        static Version of(Call call) {
            return new Version(IdOrName.parse(call.path("service")), IdOrName.parse(call.path("version")));
        }
    }

    static RoutePath belowVersion(Call call) {
        return new RoutePath(Version.of(call), IdOrName.parse(call.path("route")));
    }

    static RoutePath flat(Call call) {
        return new RoutePath(null, IdOrName.parse(call.path("route")));
    }
}
