package dev.sluice.control.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts an answer on the wire. */
final class AnswerWriter {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerWriter.class);

    private AnswerWriter() {}

    static void write(RoutingContext web, Answer answer) {
        if (answer.status() == 0) {
            return;
        }
        HttpServerResponse response = web.response();
        answer.headers().forEach(response::putHeader);
        Object body = answer.body();
        if (isUnchanged(web, answer)) {
            send(web, 304, null);
        } else if (body == null || body instanceof Buffer) {
            send(web, answer.status(), (Buffer) body);
        } else {
            response.putHeader("Content-Type", "application/json");
            send(web, answer.status(), Problem.bytes(body));
        }
    }

    /** To HEAD goes all but the body itself (RFC 9110 9.3.2). */
    static void send(RoutingContext web, int status, @Nullable Buffer body) {
        HttpServerResponse response = web.response().setStatusCode(status);
        Future<Void> sent;
        if (body == null) {
            sent = response.end();
        } else if (web.request().method().equals(HttpMethod.HEAD)) {
            sent = response.putHeader("Content-Length", Integer.toString(body.length()))
                    .end();
        } else {
            sent = response.end(body);
        }
        sent.onFailure(gone -> LOG.debug("The caller went away before its answer", gone));
    }

    private static boolean isUnchanged(RoutingContext web, Answer answer) {
        HttpMethod method = web.request().method();
        String known = web.request().getHeader("If-None-Match");
        String etag = answer.headers().get("ETag");
        return known != null
                && etag != null
                && (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD))
                && Etag.isAmong(known, etag, true);
    }
}
