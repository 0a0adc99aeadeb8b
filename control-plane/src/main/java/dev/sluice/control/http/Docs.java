package dev.sluice.control.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
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
        router.get("/v1/openapi.yaml").handler(web -> web.response()
                .putHeader("Content-Type", "application/yaml; charset=utf-8")
                .end(contract));
        router.get("/v1/docs").handler(web -> send(web, "/docs/page.html", "text/html; charset=utf-8"));
        router.get("/v1/docs/page.js").handler(web -> send(web, "/docs/page.js", "text/javascript; charset=utf-8"));
        router.get("/v1/docs/swagger-ui-bundle.js")
                .handler(web -> send(web, library + "swagger-ui-bundle.js", "text/javascript; charset=utf-8"));
        router.get("/v1/docs/swagger-ui.css")
                .handler(web -> send(web, library + "swagger-ui.css", "text/css; charset=utf-8"));
        router.get("/v1/docs/favicon.png").handler(web -> send(web, library + "favicon-32x32.png", "image/png"));
    }

    private void send(RoutingContext web, String resource, String mediaType) {
        vertx.executeBlocking(() -> Buffer.buffer(bytes(resource)), false)
                .onFailure(web::fail)
                .onSuccess(bytes -> web.response()
                        .putHeader("Content-Type", mediaType)
                        .putHeader("Content-Security-Policy", POLICY)
                        .putHeader("Referrer-Policy", "no-referrer")
                        .end(bytes));
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
