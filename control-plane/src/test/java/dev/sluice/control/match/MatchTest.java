package dev.sluice.control.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MatchTest {
    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    private final ApiClient api = controlPlane.client();

    @BeforeAll
    static void declare() {
        ApiClient api = controlPlane.client();
        api.post("/v1/services", "{'name': 's', 'version': 'v1'}").expect(201);
        String version = "/v1/services/s/versions/v1";
        api.post(version + "/implementation", "{'url': 'https://up.example:8443/base'}")
                .expect(201);
        api.post(version + "/routes", "{'name': 'plain', 'paths': ['/a']}").expect(201);
        api.post(version + "/routes", "{'name': 'tenant', 'paths': ['/a'], 'headers': {'x-tenant': ['blue']}}")
                .expect(201);
        api.post(version + "/routes", "{'name': 'host', 'hosts': ['h.example:8080'], 'methods': ['POST']}")
                .expect(201);
        api.post(
                        version + "/routes",
                        "{'name': 'secure', 'protocols': ['https'], 'hosts': ['tls.example'], 'snis': ['tls.example']}")
                .expect(201);
    }

    @Test
    void theWinnerTheUriAndWhyOthersLostAreTold() {
        Reply told = match("{'path': '/a/b?x=%2F', 'headers': {'X-Tenant': 'blue'}}");
        assertThat(told.text("/winner/name")).isEqualTo("tenant");
        assertThat(told.text("/upstream_uri")).isEqualTo("https://up.example:8443/base/b?x=%2F");
        assertThat(told.body().at("/total_losers").asInt()).isEqualTo(3);
        assertThat(told.text("/losers/0/reason")).isNotEmpty();
    }

    @Test
    void aPrefixThatMatchesWithinASegmentIsWarnedOf() {
        assertThat(match("{'path': '/abc'}").text("/winner/warnings/0"))
                .isEqualTo(
                        "The prefix /a matches within a segment of /abc; path_match segment would match whole segments"
                                + " only");
        assertThat(match("{'path': '/a/bc'}").body().at("/winner/warnings")).isEmpty();
    }

    @Test
    void anImplementationPathMayHaveCharactersThatAUriHasNot() {
        api.post("/v1/services", "{'name': 'odd', 'version': 'v1'}").expect(201);
        String version = "/v1/services/odd/versions/v1";
        api.post(
                        version + "/implementation",
                        "{'protocol': 'http', 'host': 'up.example', 'port': 81, 'path': '/{tenant}'}")
                .expect(201);
        api.post(version + "/routes", "{'paths': ['/odd']}").expect(201);
        assertThat(match("{'path': '/odd/b'}").text("/upstream_uri"))
                .startsWith("http://up.example:81/")
                .endsWith("/b");
    }

    @Test
    void hostPortMethodAndSniCount() {
        assertThat(match("{'path': '/', 'method': 'POST', 'host': 'H.example:8080'}")
                        .text("/winner/name"))
                .isEqualTo("host");
        assertThat(match("{'path': '/', 'method': 'POST', 'host': 'h.example'}")
                        .body()
                        .at("/winner")
                        .isNull())
                .isTrue();
        assertThat(match("{'path': '/', 'scheme': 'https', 'host': 'tls.example'}")
                        .text("/winner/name"))
                .isEqualTo("secure");
        assertThat(match("{'path': '/', 'host': 'tls.example'}").text("/winner/scheme_check"))
                .isEqualTo("https_required");
        assertThat(match("{'path': '/', 'scheme': 'https', 'sni': 'other', 'host': 'tls.example'}")
                        .body()
                        .at("/winner")
                        .isNull())
                .isTrue();
    }

    @Test
    void aDescriptionThatIsNoRequestIsRefused() {
        assertThat(api.post("/v1/runtime-groups/default/match", "{'path': 'a', 'host': 'x:y'}")
                        .expect(422)
                        .errors())
                .containsExactly("path: Must begin with /.");
        assertThat(api.post("/v1/runtime-groups/default/match", "{'path': '/a', 'host': 'x:y'}")
                        .expect(422)
                        .errors())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("host: ");
    }

    private Reply match(String body) {
        return api.post("/v1/runtime-groups/default/match", body).expect(200);
    }
}
