package dev.sluice.control.publish;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.enrolment.RefusedRuntimeException;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.failure.UnavailableException;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.problem.InvalidConfigurationException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.handler.HttpException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one table from failures to the runtime API's answers (RFC 9457). */
record RuntimeProblem(
        int status,
        String title,
        @Nullable String detail,
        @Nullable List<?> errors,
        int retryAfter) {
    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(413, "Content Too Large"),
            Map.entry(415, "Unsupported Media Type"),
            Map.entry(422, "Unprocessable Content"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(503, "Service Unavailable"));

    static RuntimeProblem of(@Nullable Throwable failure, int status) {
        if (failure instanceof RefusedRuntimeException refused) {
            return new RuntimeProblem(
                    refused.status(), title(refused.status()), refused.getMessage(), null, refused.retryAfter());
        }
        if (failure instanceof NotFoundException) {
            return of(404, failure.getMessage(), null);
        }
        if (failure instanceof ReportBody.Unreadable unreadable) {
            return of(unreadable.status(), unreadable.getMessage(), null);
        }
        if (failure instanceof InvalidConfigurationException invalid) {
            return of(422, "The request is not valid.", invalid.violations());
        }
        if (failure instanceof UnavailableException) {
            return of(503, failure.getMessage(), null);
        }
        if (failure instanceof HttpException http) {
            return of(http.getStatusCode(), null, null);
        }
        return of(failure == null && status > 0 ? status : 500, null, null);
    }

    private static RuntimeProblem of(int status, @Nullable String detail, @Nullable List<?> errors) {
        return new RuntimeProblem(status, title(status), detail, errors, status == 503 ? 1 : 0);
    }

    private static String title(int status) {
        return TITLES.getOrDefault(status, "Error");
    }

    /** Whether it is the control plane's own fault and nobody expected it. */
    boolean isUnexpected() {
        return status >= 500 && status != 503;
    }

    Future<Void> answer(HttpServerRequest request) {
        ObjectNode body = ConfigJson.MAPPER
                .createObjectNode()
                .put("title", title)
                .put("status", status)
                .put("instance", request.path());
        if (detail != null) {
            body.put("detail", detail);
        }
        if (errors != null) {
            ArrayNode listed = body.putArray("errors");
            errors.forEach(error -> listed.addPOJO(error));
        }
        HttpServerResponse response =
                request.response().setStatusCode(status).putHeader("Content-Type", "application/problem+json");
        if (status == 401) {
            response.putHeader("WWW-Authenticate", "Certificate");
        }
        if (retryAfter > 0) {
            response.putHeader("Retry-After", Integer.toString(retryAfter));
        }
        return response.end(Buffer.buffer(ConfigJson.MAPPER.valueToTree(body).toString()));
    }
}
