package dev.sluice.runtime.failure;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Reads a failure out of what was thrown. */
public final class Diagnosis {
    private static final long REFUSED_STREAM = 7; // RFC 9113 7

    private Diagnosis() {}

    /** Of an attempt that got no connection. */
    public static Failure ofConnecting(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof RequestFailed failed) {
                return failed.failure();
            }
            if (cause instanceof ConnectionPoolTooBusyException) {
                return Failure.OVERLOAD;
            }
            if (cause instanceof UnknownHostException) {
                return Failure.NAME_RESOLUTION;
            }
            if (cause instanceof ConnectTimeoutException) {
                return Failure.CONNECT_TIMEOUT;
            }
            if (cause instanceof SSLException) {
                return Failure.TLS_FAILED;
            }
            if (cause instanceof SocketException) {
                return Failure.CONNECT_REFUSED;
            }
            if (cause instanceof HttpClosedException) {
                return Failure.UPSTREAM_CLOSED;
            }
            if (cause instanceof Http2Exception) {
                return Failure.INVALID_RESPONSE; // it speaks something else than HTTP/2
            }
        }
        return thrown instanceof IOException ? Failure.CONNECT_REFUSED : Failure.GATEWAY_ERROR;
    }

    /** Of an attempt that had a connection: closed by the other side, or something other than an answer came. */
    public static Failure ofExchanging(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof RequestFailed failed) {
                return failed.failure();
            }
            if (cause instanceof StreamResetException reset && reset.getCode() == REFUSED_STREAM) {
                return Failure.STREAM_REFUSED;
            }
            if (cause instanceof Http2Exception unopened && unopened.error() == Http2Error.REFUSED_STREAM) {
                return Failure.GOING_AWAY; // the codec opens no stream any more
            }
            if (cause instanceof HttpClosedException
                    || cause instanceof StreamResetException
                    || cause instanceof IOException) {
                return Failure.UPSTREAM_CLOSED;
            }
        }
        return Failure.INVALID_RESPONSE;
    }

    /** Of a request that could not be parsed. */
    public static Failure ofParsing(@Nullable Throwable thrown) {
        if (thrown instanceof RequestFailed failed) {
            return failed.failure();
        }
        if (thrown instanceof TooLongHttpLineException) {
            return Failure.URI_TOO_LONG;
        }
        return thrown instanceof TooLongHttpHeaderException ? Failure.HEADERS_TOO_LARGE : Failure.BAD_REQUEST;
    }
}
