package dev.sluice.control.implementation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImplementationsTest {
    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final ApiClient api = controlPlane.client();
    private String version = "";
    private String path = "";

    @BeforeAll
    static void declare() {
        controlPlane.client().post("/v1/services", "{'name': 's'}").expect(201);
    }

    @BeforeEach
    void newVersion() {
        version = "/v1/services/s/versions/v" + COUNT.incrementAndGet();
        path = version + "/implementation";
        api.put(version, "{}").expect(201);
    }

    @ParameterizedTest
    @CsvSource({
        "http://mockbin.org, http, mockbin.org, 80, , http://mockbin.org",
        "https://mockbin.org, https, mockbin.org, 443, , https://mockbin.org",
        "HTTPS://a.example:8443/v2, https, a.example, 8443, /v2, https://a.example:8443/v2",
        "http://[::1]:9000/, http, ::1, 9000, /, http://[::1]:9000/",
        "http://10.0.0.1:80, http, 10.0.0.1, 80, , http://10.0.0.1"
    })
    void aUrlIsTakenApart(String url, String protocol, String host, int port, String urlPath, String shown) {
        Reply created = api.post(path, "{'url': '" + url + "'}").expect(201);
        assertThat(created.text("/protocol")).isEqualTo(protocol);
        assertThat(created.text("/host")).isEqualTo(host);
        assertThat(created.body().at("/port").asInt()).isEqualTo(port);
        assertThat(created.body().at("/path").asText(null)).isEqualTo(urlPath);
        assertThat(created.text("/url")).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http:// | Is no URL",
                "http:///path | Has no valid host",
                "http://:80 | Has no valid host",
                "mockbin.org | Must begin with http://",
                "grpc://a.example/v1 | A gRPC implementation has no path",
                "ftp://a.example | Must begin with http://",
                "http://u:p@a.example | Must have no user and password",
                "http://a.example/?q | Must end before ? and #",
                "http://a.example:0 | Must have a port from 1 to 65535",
                "http://a.example:70000 | Must have a port from 1 to 65535",
                "http://a b | Is no URL",
                "http://a.example/x/../y | must be normalised already"
            })
    void aUrlThatLeadsNowhereIsRefused(String url, String told) {
        Reply refused = api.post(path, "{'url': '" + url + "'}").expect(422);
        assertThat(refused.errors())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("url: ")
                .contains(told);
        api.get(path).expect(404);
    }

    @Test
    void urlAndItsPartsExcludeEachOther() {
        assertThat(api.post(path, "{'url': 'http://a.example', 'host': 'b.example', 'port': 1}")
                        .expect(422)
                        .errors())
                .hasSize(3)
                .anyMatch(error -> error.startsWith("url: Is given together with its parts"))
                .anyMatch(error -> error.startsWith("host: Is part of url already"))
                .anyMatch(error -> error.startsWith("port: Is part of url already"));
        assertThat(api.post(path, "{'retries': 1}").expect(422).errors())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("url: Is required");
    }

    @Test
    void partsGetTheirDefaults() {
        Reply created =
                api.post(path, "{'host': 'a.example', 'protocol': 'https'}").expect(201);
        assertThat(created.text("/url")).isEqualTo("https://a.example");
        assertThat(created.body().at("/port").asInt()).isEqualTo(443);
        assertThat(created.body().at("/path").isNull()).isTrue();
        assertThat(created.body().at("/retries").asInt()).isEqualTo(5);
        assertThat(created.body().at("/connect_timeout").asInt()).isEqualTo(60000);
        assertThat(created.body().at("/write_timeout").asInt()).isEqualTo(60000);
        assertThat(created.body().at("/read_timeout").asInt()).isEqualTo(60000);
        assertThat(created.body().at("/client_certificate").isNull()).isTrue();
        assertThat(created.body().at("/ca_certificates")).isEmpty();
        assertThat(created.body().at("/tls_verify").isNull()).isTrue();
        assertThat(created.body().at("/tls_verify_depth").isNull()).isTrue();
        assertThat(created.body().at("/tags")).isEmpty();
        assertThat(api.put(path, "{'host': 'a.example'}").expect(200).text("/url"))
                .isEqualTo("http://a.example");
    }

    @ParameterizedTest(name = "{0} is from {1} to {2}")
    @CsvSource({
        "retries, 0, 32767",
        "connect_timeout, 1, 2147483646",
        "write_timeout, 1, 2147483646",
        "read_timeout, 1, 2147483646",
        "port, 1, 65535"
    })
    void numbersHaveTheirRanges(String field, long least, long most) {
        api.put(path, "{'host': 'a.example', '" + field + "': " + least + "}").expect(201);
        api.put(path, "{'host': 'a.example', '" + field + "': " + most + "}").expect(200);
        for (long beyond : new long[] {least - 1, most + 1}) {
            assertThat(api.put(path, "{'host': 'a.example', '" + field + "': " + beyond + "}")
                            .expect(422)
                            .errors())
                    .singleElement()
                    .asString()
                    .startsWith(field + ": ");
        }
    }

    @Test
    void anInvalidNestedRouteLeavesNothingBehind() {
        Reply refused = api.post(
                        path, "{'url': 'http://a.example', 'route': {'name': 'nested', 'paths': ['mock', '~/(']}}")
                .expect(422);
        assertThat(refused.errors())
                .hasSize(2)
                .anyMatch(error -> error.startsWith("route.paths[0]: "))
                .anyMatch(error -> error.startsWith("route.paths[1]: "));
        assertThat(api.post(path, "{'url': 'http://a.example', 'route': {'paht': ['/a']}}")
                        .expect(422)
                        .errors())
                .containsExactly("route.paht: Is no field here; did you mean 'paths'?");
        assertThat(api.get(version).expect(200).body().at("/implementation").isNull())
                .isTrue();
        api.get("/v1/routes/nested").expect(404);
    }

    @Test
    void aTakenNameOfTheNestedRouteLeavesNothingBehind() {
        api.post(version + "/routes", "{'name': 'taken-" + COUNT.get() + "', 'paths': ['/t']}")
                .expect(201);
        api.post(path, "{'url': 'http://a.example', 'route': {'name': 'taken-" + COUNT.get() + "', 'paths': ['/u']}}")
                .expect(409);
        api.get(path).expect(404);
    }

    @Test
    void allThatIsWrongWithImplementationAndRouteIsListedTogether() {
        assertThat(api.post(path, "{'url': 'ftp://x', 'route': {'paths': []}}")
                        .expect(422)
                        .errors())
                .hasSize(2)
                .anyMatch(error -> error.startsWith("url: "))
                .anyMatch(error -> error.startsWith("route: At least one of"));
    }

    @Test
    void certificatesThatDoNotExistAreRefused() {
        String id = "6f3fc3a5-53a8-4f3d-9a2e-0f4f60a1c1a7";
        assertThat(api.post(
                                path,
                                "{'url': 'https://a.example', 'client_certificate': '" + id + "', 'ca_certificates': ['"
                                        + id + "']}")
                        .expect(422)
                        .errors())
                .containsExactly(
                        "client_certificate: There is no certificate " + id + " in runtime group 'default'.",
                        "ca_certificates[0]: There is no CA certificate " + id + " in runtime group 'default'.");
    }

    @Test
    void aDepthOfVerificationIsForTlsAlone() {
        assertThat(api.post(path, "{'url': 'https://a.example', 'tls_verify_depth': 2}")
                        .expect(201)
                        .body()
                        .path("tls_verify_depth")
                        .asInt())
                .isEqualTo(2);
        assertThat(api.put(path, "{'url': 'http://a.example', 'tls_verify_depth': 2}")
                        .expect(422)
                        .errors())
                .containsExactly("tls_verify_depth: Only with protocol https or grpcs.");
    }

    @Test
    void grpcHasItsOwnRules() {
        Reply implementation = api.post(path, "{'url': 'grpcs://a.example', 'tls_verify': true}")
                .expect(201);
        assertThat(implementation.text("/protocol")).isEqualTo("grpcs");
        assertThat(implementation.body().at("/port").asInt()).isEqualTo(443);
        assertThat(implementation.text("/url")).isEqualTo("grpcs://a.example");
        assertThat(api.put(path, "{'url': 'grpc://a.example/v1'}").expect(422).errors())
                .containsExactly("url: A gRPC implementation has no path.");
        assertThat(api.put(path, "{'url': 'grpc://a.example', 'tls_verify': true}")
                        .expect(422)
                        .errors())
                .containsExactly("tls_verify: Only with protocol https or grpcs.");

        Reply route = api.post(version + "/routes", "{'paths': ['/pkg.Service/'], 'protocols': ['grpc', 'grpcs']}")
                .expect(201);
        assertThat(route.body().at("/strip_path").asBoolean(true)).isFalse();
        assertThat(api.post(version + "/routes", "{'paths': ['/a'], 'protocols': ['grpc'], 'strip_path': true}")
                        .expect(422)
                        .errors())
                .containsExactly("strip_path: Must be false on a gRPC route.");
        assertThat(api.post(version + "/routes", "{'paths': ['/a'], 'protocols': ['http', 'grpc']}")
                        .expect(422)
                        .errors())
                .contains("protocols: Protocols are of http and https, or of grpc and grpcs, not of both.");
    }

    @Test
    void patchByUrlReplacesTheAddressAndNothingElse() {
        api.post(path, "{'url': 'https://a.example:8443/v1', 'retries': 2, 'tls_verify': false}")
                .expect(201);
        Reply patched = api.patch(path, "{'url': 'https://b.example'}").expect(200);
        assertThat(patched.text("/url")).isEqualTo("https://b.example");
        assertThat(patched.body().at("/path").isNull()).isTrue();
        assertThat(patched.body().at("/retries").asInt()).isEqualTo(2);
        assertThat(patched.body().at("/tls_verify").asBoolean(true)).isFalse();
        assertThat(api.patch(path, "{'port': 8080, 'retries': null}")
                        .expect(200)
                        .text("/url"))
                .isEqualTo("https://b.example:8080");
        assertThat(api.get(path).body().at("/retries").asInt()).isEqualTo(5);
        api.patch(path, "{'url': 'https://c.example', 'path': '/x'}").expect(422);
        assertThat(api.patch(path, "{'host': null}").expect(422).errors()).hasSize(1);
        assertThat(api.patch(path, "{'protocol': 'http'}").expect(422).errors())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("tls_verify: ");
    }

    @Test
    void aChangeThatChangesNothingMakesNoRevision() {
        long revision = api.post(path, "{'url': 'http://a.example'}")
                .expect(201)
                .body()
                .at("/revision")
                .asLong();
        Reply same = api.put(path, "{'url': 'http://a.example'}").expect(200);
        assertThat(same.body().at("/revision").asLong()).isEqualTo(revision);
        assertThat(api.get("/v1/runtime-groups/default")
                        .body()
                        .at("/head/revision")
                        .asLong())
                .isEqualTo(revision);
    }

    @Test
    void putCreatesAndDeleteTakesAway() {
        api.delete(path).expect(404);
        api.patch(path, "{'retries': 1}").expect(404);
        Reply created = api.put(path, "{'url': 'http://a.example'}").expect(201);
        assertThat(created.header("Location")).endsWith("/implementation");
        api.delete(path).expect(204);
        api.get(path).expect(404);
    }
}
