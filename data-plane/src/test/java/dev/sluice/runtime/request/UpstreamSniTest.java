package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.MadeCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server name that an upstream is asked for is its own, whatever goes into Host. */
class UpstreamSniTest {
    private static final MadeCertificate SERVER = MadeCertificate.leaf("upstream.example", "EC P-256", null);

    private static Vertx vertx;
    private static HttpServer upstream;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        upstream = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setSni(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(Buffer.buffer(SERVER.cert()))
                                .addKeyValue(Buffer.buffer(SERVER.key()))))
                .requestHandler(request -> request.response()
                        .end(request.connection().indicatedServerName() + " " + request.getHeader("host")))
                .listen(0, "127.0.0.1")
                .await();
    }

    @AfterAll
    static void stop() {
        vertx.close().await();
    }

    @ParameterizedTest
    @CsvSource({"false, upstream.example:PORT", "true, api.example.com"})
    void theUpstreamsNameIsItsSniWithAndWithoutPreserveHost(boolean preserve, String host) {
        ControlledNames names = new ControlledNames();
        names.set("upstream.example", "127.0.0.1");
        try (TestGateway gateway = names.gateway()) {
            gateway.serve(
                    upstream.actualPort(),
                    "{'protocol':'https','host':'upstream.example','tls_verify':false}",
                    "{'paths':['/'],'preserve_host':" + preserve + "}");
            try (RawClient client = gateway.client()) {
                assertThat(client.get("/", "api.example.com").text())
                        .isEqualTo("upstream.example " + host.replace("PORT", "" + upstream.actualPort()));
            }
        }
    }
}
