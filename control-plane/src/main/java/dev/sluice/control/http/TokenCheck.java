package dev.sluice.control.http;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Says whose a bearer token is. */
@FunctionalInterface
public interface TokenCheck {
    /** Name of the token's owner, or null when nobody has this token. */
    Future<@Nullable String> author(String token);
}
