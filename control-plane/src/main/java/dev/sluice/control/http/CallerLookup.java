package dev.sluice.control.http;

import dev.sluice.control.access.Principal;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Says who somebody is, and what he may do now. */
public interface CallerLookup {
    /** Whose bearer token this is; null when it is nobody's, or is no longer valid. */
    Future<@Nullable Principal> ofToken(String token);

    /** Whose session has this id, the value of the cookie; null when it is nobody's, or has ended. */
    Future<@Nullable Principal> ofSession(String id);
}
