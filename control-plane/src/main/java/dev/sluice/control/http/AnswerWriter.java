package dev.sluice.control.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** Puts an answer on the wire. */
final class AnswerWriter {
    private AnswerWriter() {}

    static void write(RoutingContext web, Answer answer) {
        if (answer.status() == 0) {
            return;
        }
        HttpServerResponse response = web.response();
        response.setStatusCode(answer.status());
        answer.headers().forEach(response::putHeader);
        Object body = answer.body();
        if (isUnchanged(web, answer)) {
            response.setStatusCode(304).end();
        } else if (body == null) {
            response.end();
        } else if (body instanceof Buffer bytes) {
            response.end(bytes);
        } else {
            response.putHeader("Content-Type", "application/json").end(Problem.bytes(body));
        }
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
