package dev.sluice.control.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * The web console: one page at {@code /}, and below {@code /console/BUILD} its modules and the libraries that they use.
 * The page is asked for each time; all else is kept by browsers for good, because BUILD changes with any of it.
 */
final class Console {
    /** Nothing inline, nothing from elsewhere, nothing evaluated, in nobody's frame. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private final Vertx vertx;
    private final Future<ConsoleFiles> files;

    Console(Vertx vertx) {
        this.vertx = vertx;
        this.files = vertx.executeBlocking(ConsoleFiles::find, false);
    }

    void mount(Router router) {
        router.get("/").method(HttpMethod.HEAD).handler(this::page);
        router.getWithRegex("/console/(?<build>[0-9a-f]+)/(?<file>.+)")
                .method(HttpMethod.HEAD)
                .handler(this::file);
    }

    private void page(RoutingContext web) {
        files.compose(found -> vertx.executeBlocking(found::page, false).onSuccess(page -> {
                    String etag = '"' + found.build() + '"';
                    web.response().putHeader("ETag", etag).putHeader("Cache-Control", "no-cache");
                    String known = web.request().getHeader("If-None-Match");
                    if (known != null && Etag.isAmong(known, etag, true)) {
                        AnswerWriter.send(web, 304, null);
                    } else {
                        send(web, "text/html; charset=utf-8", page);
                    }
                }))
                .onFailure(web::fail);
    }

    private void file(RoutingContext web) {
        String name = web.pathParam("file");
        files.compose(found -> vertx.executeBlocking(
                        () -> found.build().equals(web.pathParam("build")) ? found.file(name) : null, false))
                .onFailure(web::fail)
                .onSuccess(file -> {
                    if (file == null) {
                        web.next();
                    } else {
                        web.response().putHeader("Cache-Control", "public, max-age=31536000, immutable");
                        send(web, ConsoleFiles.mediaType(name), file);
                    }
                });
    }

    private static void send(RoutingContext web, String mediaType, Buffer bytes) {
        web.response()
                .putHeader("Content-Type", mediaType)
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer");
        AnswerWriter.send(web, 200, bytes);
    }
}
