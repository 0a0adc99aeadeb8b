package dev.sluice.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is wrong with a request is told by field, all of it at once, and nothing is written. */
class BadRequestsTest {
    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    private static final String VERSION = "/v1/services/orders/versions/v1";

    private final ApiClient api = controlPlane.client();

    @BeforeAll
    static void declare() {
        ApiClient api = controlPlane.client();
        api.post("/v1/services", "{'name': 'orders', 'version': 'v1'}").expect(201);
        api.post(VERSION + "/implementation", "{'url': 'http://localhost:9'}").expect(201);
        api.post(VERSION + "/routes", "{'name': 'taken', 'paths': ['/taken']}").expect(201);
    }

    @Test
    void anUnknownFieldIsRefusedByNameAndTheNearestIsNamed() {
        Reply refused = api.post(VERSION + "/routes", "{'path': ['/a'], 'frobnicate': 1}")
                .expect(422);
        assertThat(refused.errors())
                .contains("path: Is no field here; did you mean 'paths'?")
                .anyMatch(error -> error.startsWith("frobnicate: Is no field here; there are: name, protocols, "));
        assertThat(refused.body().at("/errors/0/code").asText()).isEqualTo("unknown_field");
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.text("/instance")).isEqualTo("urn:uuid:" + refused.header("X-Request-Id"));
    }

    @Test
    void allThatIsWrongIsListedAtOnce() {
        Reply refused = api.post(
                        VERSION + "/routes",
                        "{'paths': '/a', 'methods': ['get', 'POST'], 'regex_priority': 1.5, 'strip_path': 'yes',"
                                + " 'https_redirect_status_code': 418, 'tags': ['a,b']}")
                .expect(422);
        assertThat(refused.errors())
                .containsExactlyInAnyOrder(
                        "paths: Must be a list in [ ], not a text.",
                        "methods[0]: Must be a method in upper-case letters, such as GET.",
                        "regex_priority: Must be a whole number, not the fraction 1.5.",
                        "strip_path: Must be true or false, not a text.",
                        "https_redirect_status_code: Must be 426, 301, 302, 307 or 308.",
                        "tags[0]: Must be a word without comma and control characters.");
    }

    @Test
    void aFieldThatAnswersShowIsToldToBeReadOnly() {
        Reply refused =
                api.patch("/v1/routes/taken", "{'id': 'x', 'revision': 3}").expect(422);
        assertThat(refused.errors())
                .containsExactlyInAnyOrder(
                        "id: Is set by Sluice and cannot be written; leave it out.",
                        "revision: Is set by Sluice and cannot be written; leave it out.");
    }

    @Test
    void aRouteThatChoosesNothingIsRefused() {
        assertThat(api.post(VERSION + "/routes", "{'name': 'nothing'}")
                        .expect(422)
                        .errors())
                .hasSize(1)
                .first()
                .asString()
                .contains("At least one of methods, hosts, headers, paths");
    }

    @Test
    void aRegexThatDoesNotCompileIsRefusedAtItsPlace() {
        Reply refused = api.post(VERSION + "/routes", "{'paths': ['/fine', '~/users/(']}")
                .expect(422);
        assertThat(refused.errors()).hasSize(1).first().asString().startsWith("paths[1]: ");
    }

    @Test
    void aNameThatIsTakenNamesWhoHasIt() {
        Reply refused = api.post(VERSION + "/routes", "{'name': 'taken', 'paths': ['/other']}")
                .expect(409);
        assertThat(refused.text("/detail")).contains("'taken' is taken by route", "'v1' of service 'orders'");
        assertThat(api.post("/v1/services", "{'name': 'orders'}").expect(409).text("/detail"))
                .contains("The name 'orders' is taken by service");
        assertThat(api.post("/v1/services/orders/versions", "{'name': 'v1'}")
                        .expect(409)
                        .text("/detail"))
                .contains("The name 'v1' is taken by version");
    }

    @Test
    void aNameThatLooksLikeAnIdIsRefused() {
        assertThat(api.post("/v1/services", "{'name': '6f3fc3a5-53a8-4f3d-9a2e-0f4f60a1c1a7'}")
                        .expect(422)
                        .errors())
                .containsExactly(
                        "name: Must be made of letters, digits and . - _ ~ only, and must not look like an id.");
        assertThat(api.post("/v1/services", "{'name': 'a b'}").expect(422).errors())
                .hasSize(1);
        assertThat(api.post("/v1/services", "{}").expect(422).errors()).containsExactly("name: Is required.");
    }

    @Test
    void theSecondImplementationOfAVersionIsRefused() {
        assertThat(api.post(VERSION + "/implementation", "{'url': 'http://localhost:9'}")
                        .expect(409)
                        .text("/detail"))
                .contains("orders/v1 has an implementation already");
    }

    @Test
    void anIdOrNameThatDoesNotExistIsNamed() {
        assertThat(api.get("/v1/services/nobody").expect(404).text("/detail"))
                .isEqualTo("There is no service 'nobody'.");
        assertThat(api.get("/v1/services/nobody/versions/v1").expect(404).text("/detail"))
                .isEqualTo("There is no service 'nobody'.");
        assertThat(api.get("/v1/services/orders/versions/v9").expect(404).text("/detail"))
                .isEqualTo("Service 'orders' has no version 'v9'.");
        assertThat(api.get(VERSION + "/routes/none").expect(404).text("/detail"))
                .isEqualTo("Version 'v1' of service 'orders' has no route 'none'.");
        assertThat(api.get("/v1/routes/6f3fc3a5-53a8-4f3d-9a2e-0f4f60a1c1a7")
                        .expect(404)
                        .text("/detail"))
                .isEqualTo("There is no route 6f3fc3a5-53a8-4f3d-9a2e-0f4f60a1c1a7.");
        assertThat(api.post("/v1/services/orders/versions", "{'name': 'v2', 'runtime_group': 'mars'}")
                        .expect(422)
                        .errors())
                .containsExactly("runtime_group: There is no runtime group 'mars'.");
        api.post("/v1/runtime-groups/mars/match", "{'path': '/'}").expect(404);
    }

    @Test
    void aBodyThatIsNoJsonSaysWhere() {
        Reply refused = api.post("/v1/services", "{'name': }").expect(400);
        assertThat(refused.text("/detail")).startsWith("The body is not JSON: ").contains("line 1, column 10");
        api.post("/v1/services", "").expect(400);
        api.post("/v1/services", "{'name': 'a'} {").expect(400);
        api.post("/v1/services", "{'name': 'a', 'name': 'b'}").expect(400);
        assertThat(api.post("/v1/services", "['name']").expect(422).errors())
                .containsExactly(": The body must be a JSON object in { }.");
    }

    @Test
    void aBodyOfAnotherMediaTypeIsRefused() {
        assertThat(api.post("/v1/services", "name=x", "Content-Type", "application/x-www-form-urlencoded")
                        .expect(415)
                        .text("/detail"))
                .contains("application/json");
        api.post("/v1/services", "{}", "Content-Type", "application/merge-patch+json")
                .expect(415);
    }

    @Test
    void aBodyOfMoreThanOneMebibyteIsRefused() {
        String body = "{'name': 'big', 'description': '" + "x".repeat(1 << 20) + "'}";
        assertThat(api.post("/v1/services", body).expect(413).text("/detail"))
                .isEqualTo("The body is larger than 1 MiB.");
        api.get("/v1/services/big").expect(404);
    }

    @Test
    void aWholeNumberMayBeWrittenAsAFloat() {
        Reply taken = api.patch(VERSION + "/implementation", "{'retries': 5.0, 'read_timeout': 1e2}")
                .expect(200);
        assertThat(taken.body().at("/retries").toString()).isEqualTo("5");
        assertThat(taken.body().at("/read_timeout").toString()).isEqualTo("100");
        assertThat(api.patch(VERSION + "/implementation", "{'retries': 1e300}")
                        .expect(422)
                        .errors())
                .hasSize(1);
        assertThat(api.patch(VERSION + "/implementation", "{'retries': 1e999}")
                        .expect(422)
                        .errors())
                .isNotEmpty();
        assertThat(api.patch("/v1/routes/taken", "{'regex_priority': 1e0}")
                        .expect(200)
                        .text("/regex_priority"))
                .isEqualTo("1");
    }

    @Test
    void theNulCharacterIsRefusedWhereverItStands() {
        String message = ": Must not have the character U+0000 in it.";
        assertThat(api.post("/v1/services", "{'name': 'nul', 'description': 'a\\u0000b'}")
                        .expect(422)
                        .errors())
                .containsExactly("description" + message);
        assertThat(api.post(VERSION + "/routes", "{'paths': ['/a', '/\\u0000'], 'headers': {'x': ['\\u0000']}}")
                        .expect(422)
                        .errors())
                .containsExactly("paths[1]" + message, "headers.x[0]" + message);
        assertThat(api.put("/v1/runtime-groups/nul", "{'labels': {'a\\u0000': 'b'}}")
                        .expect(422)
                        .errors())
                .hasSize(1);
        assertThat(api.get("/v1/routes?name=a%00").expect(422).errors()).contains("name" + message);
        assertThat(api.get("/v1/routes?tags=%00").expect(422).errors()).contains("tags" + message);
        assertThat(api.get("/v1/services/a%00b").expect(422).errors()).containsExactly("service" + message);
        api.get("/v1/services/orders/versions/%00").expect(422);
        api.get("/v1/routes/%00").expect(422);
        api.get("/v1/runtime-groups/%00").expect(422);
    }

    @Test
    void queryParametersAreChecked() {
        assertThat(api.get("/v1/routes?sise=3").expect(422).errors())
                .containsExactly("sise: Is no query parameter here; did you mean 'size'?");
        assertThat(api.get("/v1/routes?size=0").expect(422).errors())
                .containsExactly("size: Must be from 1 to 1000, not 0.");
        assertThat(api.get("/v1/routes?size=many").expect(422).errors())
                .containsExactly("size: Must be a whole number, not a text.");
        assertThat(api.get("/v1/routes?size=1&size=2").expect(422).errors())
                .containsExactly("size: Is given 2 times; give it once.");
        assertThat(api.get("/v1/routes?after=made-up").expect(422).errors())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("after: Is no cursor of this list");
        assertThat(api.get("/v1/services?after=%20").expect(422).errors()).hasSize(1);
    }

    @Test
    void aMethodThatIsNotThereNamesThoseThatAre() {
        Reply refused = api.send("DELETE", "/v1/services", null).expect(405);
        assertThat(refused.header("Allow")).isEqualTo("GET, POST, HEAD");
        assertThat(refused.text("/title")).isEqualTo("Method not allowed");
    }

    @Test
    void aPathThatIsNotThereIsAProblemToo() {
        assertThat(api.get("/v1/nothing").expect(404).header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(api.get("/elsewhere").expect(404).header("Content-Type")).isEqualTo("application/problem+json");
    }
}
