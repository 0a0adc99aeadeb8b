package dev.sluice.control.http;

import dev.sluice.control.failure.ConflictException;
import dev.sluice.control.failure.ForbiddenException;
import dev.sluice.control.failure.NotFoundException;
import dev.sluice.control.failure.StaleEntityException;
import dev.sluice.control.failure.UnavailableException;
import dev.sluice.model.problem.InvalidConfigurationException;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one table from failure to answer. What is not in it is a fault of ours: logged once, and told without details. */
final class Failures implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    @Override
    public void handle(RoutingContext web) {
        Problem problem = problem(web.failure(), web.statusCode());
        if (problem.status() == 500) {
            LOG.error(
                    "{} {} failed, request {}",
                    web.request().method(),
                    web.request().path(),
                    RequestId.of(web),
                    web.failure());
        }
        RequestCaller.refused(web, problem.status());
        if (web.response().headWritten()) {
            web.request().connection().close();
        } else if (!web.response().ended()) {
            problem.send(web);
        }
    }

    static Problem problem(@Nullable Throwable failure, int status) {
        String message = failure == null ? "" : Objects.toString(failure.getMessage(), "");
        if (failure instanceof InvalidConfigurationException invalid) {
            String detail = invalid.violations().size() == 1
                    ? "One thing is wrong with the request, see errors."
                    : invalid.violations().size() + " things are wrong with the request, see errors.";
            return new Problem(422, "Invalid", detail, invalid.violations(), Map.of());
        } else if (failure instanceof RefusedRequestException refused) {
            return new Problem(refused.status(), title(refused.status()), message, List.of(), refused.headers());
        } else if (failure instanceof ForbiddenException) {
            return Problem.of(403, title(403), message);
        } else if (failure instanceof NotFoundException) {
            return Problem.of(404, title(404), message);
        } else if (failure instanceof ConflictException) {
            return Problem.of(409, title(409), message);
        } else if (failure instanceof StaleEntityException) {
            return Problem.of(412, title(412), message);
        } else if (failure instanceof UnavailableException) {
            return Problem.of(503, title(503), message).with("Retry-After", "2");
        }
        return switch (status) {
            case 400 -> Problem.of(400, title(400), "The request cannot be read.");
            case 413 -> Problem.of(413, title(413), "The body is larger than 1 MiB.");
            default ->
                Problem.of(500, title(500), "Something went wrong here; the log tells more under this instance.");
        };
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not found";
            case 405 -> "Method not allowed";
            case 409 -> "Conflict";
            case 412 -> "Precondition failed";
            case 413 -> "Content too large";
            case 415 -> "Unsupported media type";
            case 429 -> "Too many requests";
            case 503 -> "Unavailable";
            default -> "Internal error";
        };
    }
}
