package dev.sluice.control.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The contract as a file and as a page to browse. Everything is served from here; the page asks nobody else. */
final class Docs {
    private static final String PROPERTIES = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";

    /** No inline script; inline style because the page's library sets style attributes. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Vertx vertx;
    private final Buffer contract;
    private final String library = "/META-INF/resources/webjars/swagger-ui/" + libraryVersion() + "/";

    Docs(Vertx vertx, Contract contract) {
        this.vertx = vertx;
        this.contract = contract.text();
    }

    void mount(Router router) {
        router.get("/v1/openapi.yaml").method(HttpMethod.HEAD).handler(web -> {
            web.response().putHeader("Content-Type", "application/yaml; charset=utf-8");
            AnswerWriter.send(web, 200, contract);
        });
        mount(router, "/v1/docs", "/docs/page.html", "text/html; charset=utf-8");
        mount(router, "/v1/docs/page.js", "/docs/page.js", "text/javascript; charset=utf-8");
        mount(
                router,
                "/v1/docs/swagger-ui-bundle.js",
                library + "swagger-ui-bundle.js",
                "text/javascript; charset=utf-8");
        mount(router, "/v1/docs/swagger-ui.css", library + "swagger-ui.css", "text/css; charset=utf-8");
        mount(router, "/v1/docs/favicon.png", library + "favicon-32x32.png", "image/png");
    }

    private void mount(Router router, String path, String resource, String mediaType) {
        router.get(path).method(HttpMethod.HEAD).handler(web -> vertx.executeBlocking(
                        () -> Buffer.buffer(bytes(resource)), false)
                .onFailure(web::fail)
                .onSuccess(bytes -> {
                    web.response().putHeader("Content-Type", mediaType).putHeader("Content-Security-Policy", POLICY);
                    AnswerWriter.send(web, 200, bytes);
                }));
    }

    private static byte[] bytes(String resource) throws IOException {
        try (InputStream in = Docs.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("Missing resource " + resource);
            }
            return in.readAllBytes();
        }
    }

    private static String libraryVersion() {
        Properties properties = new Properties();
        try (InputStream in = Docs.class.getResourceAsStream(PROPERTIES)) {
            properties.load(in);
        } catch (IOException | NullPointerException e) {
            throw new IllegalStateException("The page's library is not on the class path", e);
        }
        return properties.getProperty("version");
    }
}
