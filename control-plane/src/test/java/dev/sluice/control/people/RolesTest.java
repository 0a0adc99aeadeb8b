package dev.sluice.control.people;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.control.RunningControlPlane;
import dev.sluice.control.certificate.MadeCertificate;
import dev.sluice.control.http.Contract;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Every operation and every role, over HTTP: what ROLES.md says is what the control plane does. */
class RolesTest {
    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    private static final List<String> ROLES = List.of("viewer", "developer", "operator", "admin");
    private static final Map<String, @Nullable String> tokens = new LinkedHashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();

    /** A row of the table, and what the contract has of its operation. */
    private record Row(String id, String method, String path, String role, String scope, JsonNode operation) {
        boolean isOfGroups() {
            return scope.equals("groups");
        }

        boolean isOpen() {
            return role.equals("public") || role.equals("self");
        }

        boolean isAllowedTo(String caller) {
            return isOpen() || ROLES.indexOf(caller) >= ROLES.indexOf(role);
        }
    }

    @BeforeAll
    static void declare() {
        var admin = controlPlane.client();
        admin.post("/v1/services", "{'name': 'shop', 'version': 'v.1'}").expect(201);
        admin.post(
                        "/v1/services/shop/versions/v.1/implementation",
                        "{'url': 'http://127.0.0.1:9', 'route': {'name': 'orders', 'paths': ['/orders']}}")
                .expect(201);
        admin.put(
                        "/v1/certificates/gateway",
                        "{" + MadeCertificate.leaf("gateway", "EC P-256", null).fields() + "}")
                .expect(201);
        admin.put("/v1/snis/api.example.com", "{'certificate': 'gateway'}").expect(201);
        String authority = MadeCertificate.authority("internal", null).cert();
        admin.put("/v1/ca_certificates/internal", "{'cert': '" + authority.replace("\n", "\\n") + "'}")
                .expect(201);
        admin.put("/v1/upstreams/orders.upstream", "{}").expect(201);
        admin.put("/v1/upstreams/orders.upstream/targets/127.0.0.1:9", "{}").expect(201);
        admin.post("/v1/runtime-groups", "{'name': 'other'}").expect(201);
        ROLES.forEach(role -> tokens.put(role, Granted.tokenText(controlPlane, "[{'role': '" + role + "'}]")));
        tokens.put("stranger", Granted.tokenText(controlPlane, "[{'role': 'admin', 'runtime_group': 'other'}]"));
        tokens.put(
                "visitor",
                Granted.tokenText(
                        controlPlane,
                        "[{'role': 'admin', 'runtime_group': 'other'}, {'role': 'viewer', 'runtime_group': 'default'}]"));
    }

    @Test
    void everyOperationHasARowAndEveryRowAnOperation() {
        Map<String, String> contract = new LinkedHashMap<>();
        operations()
                .forEach((key, operation) -> contract.put(
                        operation.path("operationId").asText(),
                        key + " " + operation.path("x-role").asText()));
        Map<String, String> table = new LinkedHashMap<>();
        rows().forEach(row -> table.put(row.id, row.method + " " + row.path + " " + row.role));
        assertThat(table).isEqualTo(contract).hasSizeGreaterThan(50);
    }

    @TestFactory
    Stream<DynamicTest> everyRoleMayDoWhatTheTableSays() {
        return rows().stream()
                .map(row -> DynamicTest.dynamicTest(row.id, () -> {
                    assertThat(call(row, null, row.role.equals("public")))
                            .as("%s by nobody", row.id)
                            .satisfies(status -> assertAllowed(status, row.role.equals("public"), 401));
                    for (String role : ROLES) {
                        boolean allowed = row.isAllowedTo(role);
                        assertThat(call(row, tokens.get(role), allowed))
                                .as("%s by %s", row.id, role)
                                .satisfies(status -> assertAllowed(status, allowed, 403));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> anAdministratorOfOneGroupFindsNothingOfAnother() {
        return rows().stream()
                .filter(row -> !row.isOpen())
                .map(row -> DynamicTest.dynamicTest(row.id, () -> {
                    int status = call(row, tokens.get("stranger"), false);
                    if (!row.isOfGroups()) {
                        assertThat(status).isEqualTo(403);
                    } else if (row.path.contains("{")) {
                        assertThat(status).isEqualTo(404);
                    } else {
                        assertThat(status).isNotIn(401, 403).isLessThan(500);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> whoMayOnlyViewAGroupIsForbiddenToChangeWhatLiesInIt() {
        return rows().stream()
                .filter(row -> row.isOfGroups() && row.path.contains("{"))
                .map(row -> DynamicTest.dynamicTest(row.id, () -> {
                    int status = call(row, tokens.get("visitor"), false);
                    if (row.role.equals("viewer")) {
                        assertThat(status).isBetween(200, 299);
                    } else {
                        assertThat(status).isEqualTo(403);
                    }
                }));
    }

    private static void assertAllowed(int status, boolean allowed, int otherwise) {
        if (allowed) {
            assertThat(status).isNotIn(401, 403).isLessThan(500);
        } else {
            assertThat(status).isEqualTo(otherwise);
        }
    }

    /** @param spare whether what would be deleted is to be something that is not there, so that all else stays */
    private int call(Row row, @Nullable String token, boolean spare) throws IOException, InterruptedException {
        boolean gone = spare && row.method.equals("DELETE");
        String path = row.path
                .replace("{service}", gone ? "gone" : "shop")
                .replace("{version}", "v.1")
                .replace("{certificate}", gone ? "gone" : "gateway")
                .replace("{sni}", gone ? "gone" : "api.example.com")
                .replace("{ca_certificate}", gone ? "gone" : "internal")
                .replace("{upstream}", gone ? "gone" : "orders.upstream")
                .replace("{target}", gone ? "gone" : "127.0.0.1:9")
                .replace("{route}", gone ? "gone" : "orders")
                .replace("{group}", gone ? "gone" : "default")
                .replace("{number}", "head")
                .replace("{runtime}", "0b8a6e6e-4c1a-4f5e-9a53-0a1d6c2f7e10")
                .replaceAll("\\{\\w+}", "gone");
        // A live view never ends by itself.
        String method = row.id.equals("liveVersionStatus") ? "HEAD" : row.method;
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + controlPlane.apiPort() + "/v1" + path))
                .timeout(Duration.ofSeconds(30));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        String body = body(row);
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static @Nullable String body(Row row) {
        JsonNode content = row.operation.path("requestBody").path("content").path("application/json");
        return switch (row.id) {
            case "createSession" -> "{\"token\": \"" + tokens.get("viewer") + "\"}";
            case "createToken" -> "{\"name\": \"of-nobody\", \"grants\": []}";
            default ->
                content.isMissingNode()
                        ? null
                        : content.path("examples")
                                .elements()
                                .next()
                                .path("value")
                                .toString();
        };
    }

    private static List<Row> rows() {
        Map<String, JsonNode> operations = operations();
        List<Row> rows = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(Path.of("ROLES.md"))) {
                String[] cells = line.split("\\s*\\|\\s*", -1);
                if (cells.length == 7 && !cells[1].equals("operation") && !cells[1].startsWith("-")) {
                    rows.add(new Row(
                            cells[1],
                            cells[2],
                            cells[3],
                            cells[4],
                            cells[5],
                            operations.getOrDefault(cells[2] + " " + cells[3], new ObjectMapper().missingNode())));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("ROLES.md lies beside the POM", e);
        }
        return rows;
    }

    /** By method and path. */
    private static Map<String, JsonNode> operations() {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(200);
        try (InputStream in = Contract.class.getResourceAsStream("/openapi.yaml")) {
            JsonNode document = new ObjectMapper()
                    .valueToTree(new Yaml(new SafeConstructor(options))
                            .load(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
            Map<String, JsonNode> operations = new LinkedHashMap<>();
            document.path("paths")
                    .properties()
                    .forEach(path -> path.getValue().properties().forEach(entry -> {
                        if (entry.getValue().has("operationId")) {
                            operations.put(
                                    entry.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), entry.getValue());
                        }
                    }));
            return operations;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
