package dev.sluice.control.publish;

import dev.sluice.model.wire.RuntimeApi;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.UUID;

/**
 * Runtimes that show the one token which all of them share, and say themselves who they are (RFC 6750 2.1). Whoever has
 * the token can speak for any runtime.
 */
public final class BearerRuntimes implements RuntimeAuthenticator {
    private static final String SCHEME = "Bearer ";
    private static final int MAX_GROUP = 128;

    private final byte[] token;

    public BearerRuntimes(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public RuntimeCaller authenticate(HttpServerRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new RefusedRuntimeException(401, "No runtime token was shown.");
        }
        byte[] shown = authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(token, shown)) {
            throw new RefusedRuntimeException(401, "The runtime token is not the one set on this control plane.");
        }
        return new RuntimeCaller(id(request), group(request));
    }

    private static UUID id(HttpServerRequest request) {
        String id = request.getHeader(RuntimeApi.RUNTIME_HEADER);
        try {
            if (id != null && id.length() == 36) {
                return UUID.fromString(id);
            }
        } catch (IllegalArgumentException e) {
            throw new RefusedRuntimeException(403, RuntimeApi.RUNTIME_HEADER + " is no UUID.");
        }
        throw new RefusedRuntimeException(403, RuntimeApi.RUNTIME_HEADER + " is no UUID.");
    }

    private static String group(HttpServerRequest request) {
        String group = request.getHeader(RuntimeApi.GROUP_HEADER);
        if (group == null || group.isEmpty() || group.length() > MAX_GROUP) {
            throw new RefusedRuntimeException(403, RuntimeApi.GROUP_HEADER + " names no runtime group.");
        }
        return group;
    }
}
