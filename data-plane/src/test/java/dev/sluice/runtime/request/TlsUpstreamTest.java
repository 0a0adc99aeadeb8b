package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An https upstream whose certificate is for localhost and signed by itself. */
final class TlsUpstreamTest {
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";
    private static final String PASSWORD = "changeit";

    @TempDir
    static Path directory;

    private static Vertx vertx;
    private static HttpServer upstream;
    private static Path keys;

    @BeforeAll
    static void startUpstream() throws IOException, InterruptedException {
        keys = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        keys.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-alias",
                        "upstream",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-ext",
                        "bc=ca:true")
                .inheritIO()
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        vertx = Vertx.vertx();
        upstream = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(
                                new PfxOptions().setPath(keys.toString()).setPassword(PASSWORD)))
                .requestHandler(request -> request.response().end("secret"))
                .listen(0, "127.0.0.1")
                .await();
    }

    @AfterAll
    static void stopUpstream() {
        vertx.close().await();
    }

    @AfterEach
    void forgetTrustStore() {
        System.clearProperty(TRUST_STORE);
        System.clearProperty(TRUST_STORE + "Password");
    }

    @Test
    void aTrustedCertificateForTheNameIsAccepted() {
        trustTheUpstream();

        assertThat(ask("'host':'localhost'").text()).isEqualTo("secret");
    }

    @Test
    void aTrustedCertificateForAnotherNameIsNot() {
        trustTheUpstream();

        assertThat(ask("'host':'127.0.0.1'").status()).isEqualTo(502);
    }

    @Test
    void anUnknownCertificateIsNot() {
        assertThat(ask("'host':'localhost'").status()).isEqualTo(502);
    }

    @Test
    void nothingIsCheckedWhereTheImplementationSaysSo() {
        assertThat(ask("'host':'127.0.0.1','tls_verify':false").text()).isEqualTo("secret");
    }

    private static void trustTheUpstream() {
        System.setProperty(TRUST_STORE, keys.toString());
        System.setProperty(TRUST_STORE + "Password", PASSWORD);
    }

    private static RawResponse ask(String implementation) {
        try (TestGateway gateway = new TestGateway()) {
            gateway.serve(
                    upstream.actualPort(),
                    "{'protocol':'https','retries':1," + implementation + "}",
                    "{'paths':['/']}");
            RawResponse answer = gateway.get("/");
            assertThat(gateway.attemptsFailed("TLS_FAILED")).isEqualTo(answer.status() == 502 ? 2 : 0);
            return answer;
        }
    }

    @Test
    void healthChecksVerifyTheCertificateUnlessTheUpstreamSaysOtherwise() {
        try (TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(
                    gateway, checks(true), "{'protocol':'https','tls_verify':false,'retries':1}", "{'paths':['/']}");
            balanced.target("localhost:" + upstream.actualPort(), "{}");
            TestGateway.await("it is out", () -> gateway.get("/").status() == 503);

            balanced.upstream(checks(false));
            TestGateway.await("it is back", () -> gateway.get("/").text().equals("secret"));
        }
    }

    private static String checks(boolean verify) {
        return "{'healthchecks':{'active':{'type':'https','https_verify_certificate':" + verify
                + ",'healthy':{'interval':0.05,'successes':1},'unhealthy':{'interval':0.05,'tcp_failures':1}}}}";
    }
}
