package dev.sluice.control.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.control.access.Principal;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.config.Implementation;
import dev.sluice.model.config.Route;
import dev.sluice.model.config.Target;
import dev.sluice.model.config.Upstream;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract agrees with the code that it is the contract of. */
@ExtendWith(VertxExtension.class)
class ContractTest {
    private final Contract contract = Contract.read();
    private final ObjectNode document = contract.document();
    private final Schemas schemas = new Schemas(document);

    @Test
    void everyOperationHasAnIdOfItsOwn() {
        List<String> ids =
                contract.operations().stream().map(ContractOperation::id).toList();
        assertThat(ids).doesNotHaveDuplicates().doesNotContain("").hasSizeGreaterThan(40);
    }

    @Test
    void defaultsOfTheContractAreThoseThatRecordsGet() {
        assertDefaults("ImplementationFields", ConfigJson.defaultsOf(Implementation.class));
        ObjectNode route = ConfigJson.defaultsOf(Route.class);
        route.remove("strip_path"); // the protocols decide on it
        assertDefaults("RouteFields", route);
        assertDefaults("UpstreamFields", ConfigJson.defaultsOf(Upstream.class));
        ObjectNode target = ConfigJson.defaultsOf(Target.class);
        target.remove(List.of("unhealthy", "health_set_at")); // operators say that by operations of their own
        assertDefaults("TargetFields", target);
    }

    @Test
    void anOperationWithoutHandlerKeepsTheApiFromStarting(Vertx vertx) {
        RestApi api = api(vertx);
        assertThatThrownBy(() -> api.mount(Router.router(vertx)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Operation listServices has no handler");
    }

    @Test
    void anOperationThatDoesNotSayWhoMayCallItKeepsTheApiFromStarting() {
        ObjectNode operation = ConfigJson.MAPPER.createObjectNode().put("operationId", "openToAll");
        assertThatThrownBy(() -> Need.of(operation, "/services/{service}"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Operation openToAll has no x-role");
        assertThatThrownBy(() -> Need.of(operation.put("x-role", "everybody"), "/services/{service}"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Need.of(operation.put("x-role", "viewer").put("x-scope", "some"), "/services"))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aHandlerOfNoOperationAndASecondHandlerAreRefused(Vertx vertx) {
        RestApi api = api(vertx);
        Operation handler = call -> Future.succeededFuture(Answer.noContent());
        assertThatThrownBy(() -> api.on("listUnicorns", handler))
                .hasMessage("The contract has no operation listUnicorns");
        api.on("listRoutes", handler);
        assertThatThrownBy(() -> api.on("listRoutes", handler))
                .hasMessage("Operation listRoutes has a handler already");
    }

    @Test
    void everyRequestBodyIsClosedAndDescribed() {
        for (JsonNode operation : operations()) {
            JsonNode schema = schemas.resolve(operation
                    .path("requestBody")
                    .path("content")
                    .path("application/json")
                    .path("schema"));
            if (schema.isMissingNode()) {
                continue;
            }
            String id = operation.path("operationId").asText();
            assertThat(schema.path("additionalProperties").isBoolean()
                            && !schema.path("additionalProperties").asBoolean())
                    .as("%s takes no unknown fields", id)
                    .isTrue();
            schema.path("properties").properties().forEach(property -> assertThat(
                            property.getValue().has("description")
                                    || schemas.resolve(property.getValue()).has("description")
                                    || property.getValue().has("enum"))
                    .as("%s describes %s", id, property.getKey())
                    .isTrue());
        }
    }

    @Test
    void everyExampleIsValid() {
        for (JsonNode operation : operations()) {
            JsonNode content = operation.path("requestBody").path("content");
            boolean patch = content.has("application/merge-patch+json");
            content.properties().forEach(media -> {
                SchemaCheck check = schemas.check(media.getValue().path("schema"));
                media.getValue().path("examples").properties().forEach(example -> {
                    JsonNode value = example.getValue().path("value");
                    assertThat(patch ? check.checkPatch(value, Set.of()) : check.check(value, Set.of()))
                            .as("%s, example %s", operation.path("operationId"), example.getKey())
                            .isEmpty();
                });
                assertThat(media.getValue().path("examples").isEmpty())
                        .as("%s has examples", operation.path("operationId"))
                        .isFalse();
            });
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<JsonNode> references = document.findValues("$ref");
        assertThat(references).isNotEmpty().allSatisfy(reference -> assertThat(
                        document.at(reference.asText().substring(1)).isMissingNode())
                .as(reference.asText())
                .isFalse());
    }

    private void assertDefaults(String schema, ObjectNode defaults) {
        assertDefaults(schema, document.at("/components/schemas/" + schema), defaults);
    }

    private void assertDefaults(String where, JsonNode schema, ObjectNode defaults) {
        defaults.properties().forEach(field -> {
            JsonNode property = schema.path("properties").path(field.getKey());
            JsonNode declared = property.has("default") ? property : schemas.resolve(property);
            if (declared.has("properties")) {
                assertDefaults(where + "." + field.getKey(), declared, (ObjectNode) field.getValue());
                return;
            }
            assertThat(declared.path("default"))
                    .as("%s.%s", where, field.getKey())
                    .isEqualTo(field.getValue());
        });
    }

    private List<JsonNode> operations() {
        List<JsonNode> operations = new ArrayList<>();
        for (JsonNode path : document.path("paths")) {
            path.forEach(node -> {
                if (node.has("operationId")) {
                    operations.add(node);
                }
            });
        }
        return operations;
    }

    private RestApi api(Vertx vertx) {
        return new RestApi(
                vertx,
                contract,
                new CallerLookup() {
                    @Override
                    public Future<@Nullable Principal> ofToken(String token) {
                        return Future.succeededFuture(Principal.ofSettings("somebody"));
                    }

                    @Override
                    public Future<@Nullable Principal> ofSession(String id) {
                        return Future.succeededFuture();
                    }
                },
                (heads, atMost) -> Future.succeededFuture(List.of()),
                (caller, status) -> Future.succeededFuture(),
                (operation, status, took) -> {});
    }
}
