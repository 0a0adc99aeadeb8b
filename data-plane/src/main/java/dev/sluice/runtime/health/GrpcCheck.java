package dev.sluice.runtime.health;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.util.List;

/**
 * The unary call Check of grpc.health.v1, without a library: its request for the server as a whole is an empty message,
 * and of its answer one number matters.
 */
final class GrpcCheck {
    static final String PATH = "/grpc.health.v1.Health/Check";

    /** Not compressed, no bytes (gRPC over HTTP/2, Length-Prefixed-Message). */
    private static final Buffer EMPTY_MESSAGE = Buffer.buffer(new byte[5]);

    private static final int PREFIX = 5;
    private static final byte FIELD_STATUS = 0x08;
    private static final byte SERVING = 1;
    private static final int LONGEST_ANSWER = 1024;

    private GrpcCheck() {}

    /** A stream of a connection that others use too would end with theirs. */
    static HttpClientOptions options(HttpClientOptions options) {
        return options.setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setUseAlpn(true)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2))
                .setHttp2MultiplexingLimit(1);
    }

    /** Whether the server says that it serves; fails when no answer of this protocol comes. */
    static Future<Boolean> send(HttpClientRequest request) {
        request.putHeader(HttpHeaders.CONTENT_TYPE, "application/grpc").putHeader("te", "trailers");
        return request.send(EMPTY_MESSAGE).compose(response -> {
            Promise<Boolean> serves = Promise.promise();
            Buffer body = Buffer.buffer();
            response.exceptionHandler(serves::tryFail);
            response.handler(chunk -> {
                body.appendBuffer(chunk);
                if (body.length() > LONGEST_ANSWER) {
                    serves.tryFail(new IOException("The answer to a health check is longer than any should be"));
                    request.reset();
                }
            });
            response.endHandler(end -> serves.tryComplete(serves(response, body)));
            return serves.future();
        });
    }

    private static boolean serves(HttpClientResponse response, Buffer body) {
        return response.statusCode() == 200
                && "0".equals(response.getTrailer("grpc-status"))
                && body.length() >= PREFIX + 2
                && body.getByte(PREFIX) == FIELD_STATUS
                && body.getByte(PREFIX + 1) == SERVING;
    }
}
