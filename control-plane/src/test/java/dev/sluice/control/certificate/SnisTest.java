package dev.sluice.control.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnisTest {
    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final MadeCertificate LEAF = MadeCertificate.leaf("gateway", "EC P-256", null);

    private final ApiClient api = controlPlane.client();
    private final String name = "n" + COUNT.incrementAndGet() + ".example.com";

    @BeforeAll
    static void declare() {
        ApiClient api = controlPlane.client();
        api.post("/v1/runtime-groups", "{'name': 'europe'}").expect(201);
        api.put("/v1/certificates/gateway", "{" + LEAF.fields() + "}").expect(201);
        api.put("/v1/certificates/other", "{" + LEAF.fields() + "}").expect(201);
    }

    @Test
    void anSniNamesItsCertificateByNameOrIdAndShowsTheId() {
        String gateway = id("gateway");
        Reply created = api.post("/v1/snis", "{'name': '" + name + "', 'certificate': 'gateway', 'tags': ['a']}")
                .expect(201);
        assertThat(created.header("Location")).isEqualTo("/v1/snis/" + created.text("/id"));
        assertThat(created.text("/certificate")).isEqualTo(gateway);
        assertThat(created.text("/runtime_group")).isEqualTo("default");
        Reply read = api.get("/v1/snis/" + name).expect(200);
        assertThat(read.body()).isEqualTo(created.body());
        assertThat(api.get("/v1/snis?name=" + name).expect(200).body().path("data"))
                .containsExactly(created.body());
        Reply changed = api.patch(
                        "/v1/snis/" + name, "{'certificate': '" + id("other") + "'}", "If-Match", read.header("ETag"))
                .expect(200);
        assertThat(changed.text("/certificate")).isEqualTo(id("other"));
        api.patch("/v1/snis/" + name, "{'tags': []}", "If-Match", read.header("ETag"))
                .expect(412);
    }

    @Test
    void aNameIsKeptInOneForm() {
        Reply created = api.post("/v1/snis", "{'name': 'API." + name + ".', 'certificate': 'gateway'}")
                .expect(201);
        assertThat(created.text("/name")).isEqualTo("api." + name);
        assertThat(api.post("/v1/snis", "{'name': 'api." + name + "', 'certificate': 'other'}")
                        .expect(409)
                        .text("/detail"))
                .isEqualTo("The runtime group 'default' has an SNI 'api." + name + "' already, of certificate "
                        + id("gateway") + ". Change that one instead.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*.wild.example.com", "wild.example.*", "*"})
    void wildcardsAndTheDefaultAreNamesLikeOthers(String wild) {
        String path = "/v1/snis/" + wild;
        api.put(path, "{'certificate': 'gateway'}").expect(201);
        api.put(path, "{'certificate': 'other'}").expect(200);
        assertThat(api.get(path).expect(200).text("/name")).isEqualTo(wild);
        api.delete(path).expect(204);
        api.get(path).expect(404);
    }

    @Test
    void itIsWarnedOfANameThatTheCertificateDoesNotCover() {
        String covered = "gw" + name;
        String certificate = "for-" + covered;
        api.put(
                        "/v1/certificates/" + certificate,
                        "{" + MadeCertificate.leaf(covered, "EC P-256", null).fields() + "}")
                .expect(201);
        String path = "/v1/snis/" + name;
        Reply created = api.put(path, "{'certificate': '" + certificate + "'}").expect(201);
        assertThat(warnings(created))
                .containsExactly(
                        "certificate.cert: Clients that ask for " + name + " refuse it: it covers no such name.");
        assertThat(warnings(api.put("/v1/snis/" + covered, "{'certificate': '" + certificate + "'}")
                        .expect(201)))
                .isEmpty();
        assertThat(api.get("/v1/snis?name=" + name).expect(200).body().at("/data/0/warnings"))
                .hasSize(1);
        assertThat(warnings(api.get("/v1/certificates/" + certificate).expect(200)))
                .containsExactly("cert: Clients that ask for " + name + " refuse it: it covers no such name.");
        api.patch(path, "{'tags': ['a']}", "If-Match", api.get(path).header("ETag"))
                .expect(200);
    }

    @Test
    void aWarningNamesSomeOfManyNames() {
        Reply created = api.post(
                        "/v1/certificates",
                        "{" + LEAF.fields() + ", 'snis': ['a." + name + "', 'b." + name + "', 'c." + name + "', 'd."
                                + name + "', 'e." + name + "']}")
                .expect(201);
        assertThat(warnings(created))
                .singleElement()
                .asString()
                .startsWith("cert: Clients that ask for ")
                .endsWith(" and 2 more refuse it: it covers no such name.");
    }

    private static List<String> warnings(Reply reply) {
        List<String> warnings = new ArrayList<>();
        reply.body().path("warnings").forEach(warning -> warnings.add(warning.asText()));
        return warnings;
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        assertThat(api.post("/v1/snis", "{'name': 'a.*.example', 'certificate': 'nobody'}")
                        .expect(422)
                        .errors())
                .hasSize(2)
                .anyMatch(error -> error.startsWith("name: A wildcard is one whole label"))
                .contains("certificate: There is no certificate 'nobody' in runtime group 'default'.");
        assertThat(api.post("/v1/snis", "{'name': '10.0.0.1', 'certificate': 'gateway'}")
                        .expect(422)
                        .errors())
                .containsExactly("name: Not a host name; addresses and ports are no server names.");
        assertThat(api.post("/v1/snis", "{}").expect(422).errors())
                .containsExactlyInAnyOrder("name: Is required.", "certificate: Is required.");
        assertThat(api.post("/v1/snis", "{'name': '" + name + "', 'certificate': 'gateway', 'runtime_group': 'europe'}")
                        .expect(422)
                        .errors())
                .containsExactly("certificate: There is no certificate 'gateway' in runtime group 'europe'.");
    }

    @Test
    void aCertificateShowsItsSnisAndIsNotDeletedWhileItHasAny() {
        String path = "/v1/certificates/" + name;
        Reply created = api.post(
                        "/v1/certificates",
                        "{'name': '" + name + "', " + LEAF.fields() + ", 'snis': ['" + name + "', 'WWW." + name + "']}")
                .expect(201);
        assertThat(created.body().path("snis"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder(name, "www." + name);
        assertThat(api.get("/v1/snis/" + name).expect(200).body().path("revision"))
                .as("both in one revision")
                .isEqualTo(created.body().path("revision"));
        assertThat(api.get("/v1/certificates?name=" + name).expect(200).body().at("/data/0/snis"))
                .hasSize(2);
        assertThat(api.delete(path).expect(409).text("/detail"))
                .startsWith("The certificate " + name + " is shown by the SNIs ")
                .endsWith(". Delete them, or let them show another one first.");
        api.delete("/v1/snis/" + name).expect(204);
        api.patch("/v1/snis/www." + name, "{'certificate': 'gateway'}").expect(200);
        api.delete(path).expect(204);
    }

    @Test
    void ofACertificateWithABadSniNothingIsCreated() {
        assertThat(api.post(
                                "/v1/certificates",
                                "{'name': '" + name + "', " + LEAF.fields() + ", 'snis': ['" + name + "', '[::1]', '"
                                        + name + "']}")
                        .expect(422)
                        .errors())
                .containsExactly(
                        "snis[1]: Not a host name; addresses and ports are no server names.",
                        "snis[2]: Names one that is in the list already.");
        api.get("/v1/certificates/" + name).expect(404);
        api.get("/v1/snis/" + name).expect(404);
    }

    @Test
    void revisionsTellOfSnisAndARestoreBringsThemBack() {
        long with = api.put("/v1/snis/" + name, "{'certificate': 'gateway'}")
                .expect(201)
                .body()
                .path("revision")
                .asLong();
        api.delete("/v1/snis/" + name).expect(204);
        String revisions = "/v1/runtime-groups/default/revisions";
        JsonNode diff =
                api.get(revisions + "/" + with + "/diff?to=head").expect(200).body();
        assertThat(diff.toString()).contains("\"kind\":\"sni\"").contains(name);
        api.post(revisions + "/" + with + "/restore", "{}").expect(200);
        assertThat(api.get("/v1/snis/" + name).expect(200).text("/certificate")).isEqualTo(id("gateway"));
    }

    @Test
    void aGroupWithSnisIsNotDeleted() {
        String group = name.substring(0, name.indexOf('.'));
        api.post("/v1/runtime-groups", "{'name': '" + group + "'}").expect(201);
        api.post(
                        "/v1/certificates",
                        "{'runtime_group': '" + group + "', " + LEAF.fields() + ", 'snis': ['" + name + "']}")
                .expect(201);
        assertThat(api.delete("/v1/runtime-groups/" + group).expect(409).text("/detail"))
                .contains("sni " + name);
    }

    private String id(String certificate) {
        return api.get("/v1/certificates/" + certificate).expect(200).text("/id");
    }
}
