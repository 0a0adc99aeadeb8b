package dev.sluice.control.access;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who somebody has turned out to be.
 *
 * @param id of the user or token; null for the setting's token and for nobody
 * @param name of the user or token; of nobody, the user for whom a login failed, or null
 * @param userId the user, or the user whose token it is; null for none
 * @param grants what he may do now
 * @param expiresAt when token or session end at the latest; null for never
 * @param session null where a token was shown
 */
public record Principal(
        Kind kind,
        @Nullable UUID id,
        @Nullable String name,
        @Nullable UUID userId,
        Grants grants,
        @Nullable Instant expiresAt,
        @Nullable OpenSession session) {
    public static final Principal NOBODY = new Principal(Kind.NOBODY, null, null, null, Grants.NONE, null, null);

    public enum Kind {
        USER,
        TOKEN,
        SETTING,
        JOIN_TOKEN,
        NOBODY;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param csrfToken what writes with the session's cookie have to carry */
    public record OpenSession(UUID id, String csrfToken) {}

    /** The token of the settings, under this name. */
    public static Principal ofSettings(String name) {
        return new Principal(Kind.SETTING, null, name, null, Grants.ADMINISTRATOR, null, null);
    }

    /** A runtime that has shown the join token of this id; it may do nothing else. */
    public static Principal ofJoinToken(String id) {
        return new Principal(Kind.JOIN_TOKEN, null, id, null, Grants.NONE, null, null);
    }

    /** The same, in a session. */
    public Principal within(OpenSession open, Instant until) {
        return new Principal(kind, id, name, userId, grants, until, open);
    }

    public boolean isUser() {
        return kind == Kind.USER;
    }
}
