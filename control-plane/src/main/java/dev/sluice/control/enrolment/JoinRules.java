package dev.sluice.control.enrolment;

import dev.sluice.control.enrolment.IdentityStore.Joining;
import dev.sluice.control.enrolment.JoinTokenStore.Stored;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.snapshot.Digest;
import dev.sluice.model.trust.JoinToken;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who may join. */
final class JoinRules {
    /** What is wrong with a token is not told in more detail to who may be a stranger. */
    static final String NO_TOKEN = "The join token is not one of this installation, or was revoked.";

    static final int MOST_VALID_CERTIFICATES = 100;
    private static final Pattern NAME = Pattern.compile("\\P{C}{1,255}");

    private JoinRules() {}

    /** @throws RefusedRuntimeException when the text is no token of this authority */
    static JoinToken token(String text, Digest authority) {
        JoinToken token;
        try {
            token = JoinToken.parse(text);
        } catch (IllegalArgumentException e) {
            throw new RefusedRuntimeException(401, "What was shown is " + e.getMessage() + ".");
        }
        if (!token.authority().equals(authority)) {
            throw new RefusedRuntimeException(
                    401, "The join token is for control planes of another certificate authority.");
        }
        return token;
    }

    /** @throws RefusedRuntimeException when nobody may join with this token now */
    static Stored present(JoinToken token, @Nullable Stored stored) {
        Digest wanted = stored == null ? Digest.of(new byte[0]) : stored.secretHash();
        // Compared in a time that tells nothing, also where there is no such token.
        boolean same = MessageDigest.isEqual(bytes(wanted), bytes(token.secretHash()));
        if (stored == null || !same || stored.revoked()) {
            throw new RefusedRuntimeException(401, NO_TOKEN);
        }
        if (stored.expired()) {
            throw new RefusedRuntimeException(401, "The join token has expired: make another.");
        }
        return stored;
    }

    /** @throws RefusedRuntimeException when the token was used as often as it may */
    static void requireUseLeft(Stored stored) {
        Integer left = stored.usesLeft();
        if (left != null && left <= 0) {
            throw new RefusedRuntimeException(401, "The join token has been used as often as it may be: make another.");
        }
    }

    /** @throws RefusedRuntimeException when this runtime may not join, though its token is good */
    static void check(Joining joining) {
        if (joining.revoked()) {
            throw new RefusedRuntimeException(
                    403,
                    "A runtime of this id was revoked. Let it be forgotten (delete it once more), or start with an empty"
                            + " data directory: then it joins under a new id.");
        }
        if (joining.keyIsRevoked()) {
            throw new RefusedRuntimeException(
                    403,
                    "This key was revoked and is not certified again. Start with an empty data directory: then the"
                            + " runtime has a new one.");
        }
        if (joining.known() && !joining.keyIsIts()) {
            throw new RefusedRuntimeException(
                    403,
                    "A runtime of this id has joined with another key. Start with an empty data directory for a new id;"
                            + " or, if the key was lost, revoke and forget the runtime first.");
        }
    }

    /** @throws RefusedRuntimeException when a runtime that has just called may have no further certificate after all */
    static void checkRenewal(Joining joining) {
        if (joining.revoked() || joining.keyIsRevoked()) {
            throw new RefusedRuntimeException(403, "This runtime, or the key that it asks for, was revoked.");
        }
    }

    /** @throws InvalidConfigurationException when it cannot be shown to people */
    static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidConfigurationException(
                    List.of(new Violation("name", "pattern", "must have 1 to 255 characters, all of them printable.")));
        }
    }

    private static byte[] bytes(Digest digest) {
        return digest.hex().getBytes(StandardCharsets.US_ASCII);
    }
}
