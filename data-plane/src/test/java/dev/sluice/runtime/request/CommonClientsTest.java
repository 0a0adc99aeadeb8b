package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.runtime.MadeCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people call a gateway with by hand, where it is installed: curl and h2load. */
final class CommonClientsTest {
    private static final int REQUESTS = 4_000;
    private static final String BODY = "x".repeat(100_000);

    private static TlsGateway gateway;
    private static RawUpstream upstream;

    @BeforeAll
    static void start() {
        upstream = new RawUpstream(connection -> {
            for (var request = connection.request(); request != null; request = connection.request()) {
                String said = request.line().startsWith("POST") ? request.body() : "ok";
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + said.length() + "\r\n\r\n" + said);
            }
        });
        gateway = new TlsGateway();
        gateway.route(upstream.port(), "{'paths':['/']}");
        gateway.sni("*", gateway.certificate(MadeCertificate.leaf("any", "EC P-256", null)));
        gateway.swap();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest
    @CsvSource({
        "http, --http1.0, 1",
        "http, --http1.1, 1.1",
        "http, --http2, 2",
        "http, --http2-prior-knowledge, 2",
        "https, --http1.1, 1.1",
        "https, --http2, 2",
    })
    void curlGetsItsAnswerInTheVersionThatItAsksFor(String scheme, String version, String answered)
            throws IOException, InterruptedException {
        List<String> curl = List.of("curl", "-sSk", version, "-w", "\n%{http_code} %{http_version}", url(scheme));

        assertThat(said(curl)).isEqualTo("ok\n200 " + answered);
    }

    @ParameterizedTest
    @CsvSource({
        "http, --http1.1",
        "http, --http2",
        "http, --http2-prior-knowledge",
        "https, --http1.1",
        "https, --http2"
    })
    void whatCurlSendsArrives(String scheme, String version) throws IOException, InterruptedException {
        assertThat(said(List.of("curl", "-sSk", version, "--data-binary", BODY, url(scheme))))
                .isEqualTo(BODY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void h2loadSeesNothingFail(String scheme) throws IOException, InterruptedException {
        List<String> h2load = List.of("h2load", "-n", Integer.toString(REQUESTS), "-c", "8", "-m", "50", url(scheme));

        assertThat(said(h2load))
                .contains(REQUESTS + " succeeded, 0 failed, 0 errored, 0 timeout")
                .contains("status codes: " + REQUESTS + " 2xx");
    }

    private static String url(String scheme) {
        int port = scheme.equals("http") ? gateway.gateway().port() : gateway.port();
        return scheme + "://127.0.0.1:" + port + "/a";
    }

    /** What a program prints, which must end well. */
    private static String said(List<String> command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            assumeThat(e).as(command.get(0) + " is installed").isNull();
            throw e;
        }
        process.getOutputStream().close();
        try (InputStream output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(text).isZero();
            return text;
        }
    }
}
