package dev.sluice.runtime.tls;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a client's TLS handshake failed, in one word of a few, for a metric's label. The platform tells it by sentences. */
public final class HandshakeFailure {
    private HandshakeFailure() {}

    /**
     * @return {@code unknown_name}: no certificate for the name that was asked for; {@code no_certificate}: none for a
     *     client that asked for no name, or whose types of keys are others; {@code nothing_in_common}: no version or cipher
     *     suite; {@code refused_by_client}; {@code no_tls}; {@code timeout}; {@code closed}; {@code other}
     */
    public static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String reason = ofOne(cause);
            if (reason != null) {
                return reason;
            }
        }
        return "other";
    }

    private static @Nullable String ofOne(Throwable cause) {
        if (cause instanceof NotSslRecordException) {
            return "no_tls";
        }
        if (cause instanceof SslHandshakeTimeoutException) {
            return "timeout";
        }
        String message = cause.getMessage() == null ? "" : cause.getMessage();
        if (!(cause instanceof SSLException)) {
            return cause instanceof IOException ? "closed" : null;
        }
        if (message.startsWith("Received fatal alert")) {
            return "refused_by_client";
        }
        if (message.startsWith("Unrecognized server name")) {
            return "unknown_name";
        }
        if (message.startsWith("No available authentication scheme")) {
            return "no_certificate";
        }
        if (message.startsWith("no cipher suites in common")
                || message.contains("protocol version")
                || message.startsWith("Client requested protocol")) {
            return "nothing_in_common";
        }
        return null;
    }
}
