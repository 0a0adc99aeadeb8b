package dev.sluice.control.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificatesTest {
    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final MadeCertificate ROOT = MadeCertificate.authority("root", null);
    private static final MadeCertificate LEAF = MadeCertificate.leaf("gateway", "EC P-256", ROOT);
    private static final MadeCertificate OTHER = MadeCertificate.leaf("gateway", "EC P-256", ROOT);
    private static final MadeCertificate RSA = MadeCertificate.leaf("gateway", "RSA 2048", ROOT);

    private final ApiClient api = controlPlane.client();
    private final String name = "c" + COUNT.incrementAndGet();

    @BeforeAll
    static void declare() {
        ApiClient api = controlPlane.client();
        api.post("/v1/runtime-groups", "{'name': 'europe'}").expect(201);
        api.post("/v1/services", "{'name': 's'}").expect(201);
    }

    @Test
    void aCertificateIsShownWithWhatItSaysAndWithoutItsKey() {
        Reply created =
                api.post("/v1/certificates", body(LEAF, "'tags': ['a', 'b']")).expect(201);
        assertThat(created.header("Location")).isEqualTo("/v1/certificates/" + created.text("/id"));
        assertThat(created.text("/cert")).isEqualTo(LEAF.cert());
        assertThat(created.text("/runtime_group")).isEqualTo("default");
        assertThat(created.text("/details/subject")).isEqualTo("CN=gateway");
        assertThat(created.text("/details/issuer")).isEqualTo("CN=root");
        assertThat(created.text("/details/key_type")).isEqualTo("EC P-256");
        assertThat(created.body().at("/details/sans").toString()).isEqualTo("[\"DNS:gateway\",\"IP:127.0.0.1\"]");
        assertThat(created.body().path("warnings")).isEmpty();
        assertThat(created.body().has("key")).isFalse();
        Reply read = api.get("/v1/certificates/" + name).expect(200);
        assertThat(read.body()).isEqualTo(created.body());
        assertThat(read.header("ETag")).isEqualTo(created.header("ETag"));
        api.get("/v1/certificates/" + name, "If-None-Match", read.header("ETag"))
                .expect(304);
    }

    @Test
    void twoTypesOfKeysMayBeDeclaredAtOnce() {
        Reply created = api.post(
                        "/v1/certificates",
                        body(LEAF, "'cert_alt': '" + json(RSA.cert()) + "', 'key_alt': '" + json(RSA.key()) + "'"))
                .expect(201);
        assertThat(created.text("/details_alt/key_type")).isEqualTo("RSA 2048");
        String path = "/v1/certificates/" + name;
        assertThat(api.patch(path, "{'key_alt': null}").expect(422).errors())
                .containsExactly("key_alt: Is required: the certificate's private key in PEM.");
        assertThat(api.patch(path, "{'cert_alt': null}")
                        .expect(200)
                        .body()
                        .path("details_alt")
                        .isNull())
                .isTrue();
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        Reply refused = api.post(
                        "/v1/certificates", "{'cert': 'hello', 'key': 'hello', 'key_alt': '" + json(RSA.key()) + "'}")
                .expect(422);
        assertThat(refused.errors())
                .hasSize(3)
                .anyMatch(error -> error.startsWith("cert: Is no certificate in PEM"))
                .anyMatch(error -> error.startsWith("key: Is no private key in PEM"))
                .anyMatch(error -> error.startsWith("cert_alt: Is required with key_alt"));
        assertThat(api.post("/v1/certificates", "{}").expect(422).errors())
                .containsExactlyInAnyOrder("cert: Is required.", "key: Is required.");
        assertThat(api.post("/v1/certificates", body(LEAF, "'details': {}"))
                        .expect(422)
                        .errors())
                .containsExactly("details: Is set by Sluice and cannot be written; leave it out.");
    }

    @Test
    void rulesAreKept() {
        refused(pair(LEAF.cert(), OTHER.key()), "key: Is not the private key of the certificate in cert");
        refused(pair(ROOT.cert(), ROOT.key()), "cert: Begins with the certificate of an authority");
        refused(pair(LEAF.cert() + OTHER.cert(), LEAF.key()), "cert: Is out of order");
        refused(pair(LEAF.cert() + LEAF.key(), LEAF.key()), "cert: Has a private key in it");
        refused(pair(LEAF.cert(), "sealed:1:0123456789abcdef:AAAA"), "key: Is no private key in PEM");
        refused(
                pair(LEAF.cert(), LEAF.key()) + ", 'cert_alt': '" + json(OTHER.cert()) + "', 'key_alt': '"
                        + json(OTHER.key()) + "'",
                "cert_alt: Has a key of the same type");
        refused(pair(LEAF.cert(), "x".repeat(20_000)), "key: Must have at most 16384 characters");
        refused(
                pair(LEAF.cert(), LEAF.key()) + ", 'runtime_group': 'asia'",
                "runtime_group: There is no runtime group");
    }

    @Test
    void anExpiredCertificateIsTakenWithAWarning() {
        Reply created = api.post("/v1/certificates", body(MadeCertificate.expired("old"), "'tags': []"))
                .expect(201);
        assertThat(created.body().path("warnings")).hasSize(1);
        assertThat(created.text("/warnings/0")).startsWith("cert: It has expired at ");
    }

    @Test
    void aWriteThatChangesNothingMakesNoRevision() {
        Reply created =
                api.post("/v1/certificates", body(LEAF, "'tags': ['x']")).expect(201);
        long revision = created.body().path("revision").asLong();
        String path = "/v1/certificates/" + created.text("/id");
        assertThat(api.put(path, body(LEAF, "'tags': ['x']")).expect(200).body())
                .isEqualTo(created.body());
        assertThat(api.put(path, "{'name': '" + name + "', 'cert': '" + json(LEAF.cert()) + "', 'tags': ['x']}")
                        .expect(200)
                        .body())
                .isEqualTo(created.body());
        assertThat(api.patch(path, "{'key': '" + json(LEAF.key()) + "'}")
                        .expect(200)
                        .body())
                .isEqualTo(created.body());
        String sealed = sealedKey(created.text("/id"));
        Reply tagged = api.patch(path, "{'tags': ['y']}").expect(200);
        assertThat(tagged.body().path("revision").asLong()).isEqualTo(revision + 1);
        assertThat(sealedKey(created.text("/id"))).isEqualTo(sealed);
        api.patch(path, "{'cert': '" + json(OTHER.cert()) + "', 'key': '" + json(OTHER.key()) + "'}")
                .expect(200);
        assertThat(sealedKey(created.text("/id"))).isNotEqualTo(sealed).startsWith("sealed:1:");
    }

    @Test
    void aNewCertificateWantsItsOwnKey() {
        String path = "/v1/certificates/" + name;
        api.put(path, "{" + pair(LEAF.cert(), LEAF.key()) + "}").expect(201);
        assertThat(api.patch(path, "{'cert': '" + json(OTHER.cert()) + "'}")
                        .expect(422)
                        .errors())
                .containsExactly("key: Is not the private key of the certificate in cert.");
        assertThat(api.patch(path, "{'key': null}").expect(422).errors())
                .containsExactly("key: Is required: the certificate's private key in PEM.");
    }

    @Test
    void aNameIsUniqueWithinItsGroupAndFoundInIt() {
        String path = "/v1/certificates/" + name;
        String inEurope = "{'runtime_group': 'europe', " + pair(LEAF.cert(), LEAF.key()) + "}";
        api.post("/v1/certificates", body(LEAF, "'tags': []")).expect(201);
        assertThat(api.post("/v1/certificates", body(OTHER, "'tags': []"))
                        .expect(409)
                        .text("/detail"))
                .startsWith("The name '" + name + "' is taken by certificate ");
        Reply europe = api.put(path, inEurope).expect(201);
        assertThat(europe.text("/name")).isEqualTo(name);
        api.put(path, inEurope).expect(200);
        api.get(path).expect(409);
        assertThat(api.get("/v1/certificates?group=europe&name=" + name)
                        .expect(200)
                        .body()
                        .path("data"))
                .hasSize(1);
        assertThat(api.get("/v1/certificates?name=" + name).expect(200).body().path("data"))
                .hasSize(2);
        api.get("/v1/certificates?group=asia").expect(404);
        assertThat(api.patch("/v1/certificates/" + europe.text("/id"), "{'runtime_group': 'default'}")
                        .expect(422)
                        .errors())
                .containsExactly("runtime_group: Is 'europe' and cannot be changed; create another certificate in the"
                        + " other group.");
        assertThat(api.delete("/v1/runtime-groups/europe").expect(409).text("/detail"))
                .isEqualTo("These belong to runtime group 'europe': certificate " + name + ". Delete them first.");
        api.delete("/v1/certificates/" + europe.text("/id")).expect(204);
        api.get(path).expect(200);
    }

    @Test
    void listsAreFilteredByTags() {
        api.post("/v1/certificates", body(LEAF, "'tags': ['" + name + "', 'z']"))
                .expect(201);
        assertThat(api.get("/v1/certificates?tags=z," + name).body().path("data"))
                .hasSize(1);
    }

    @Test
    void aStaleWriteIsRefused() {
        String path = "/v1/certificates/" + name;
        Reply created = api.put(path, "{" + pair(LEAF.cert(), LEAF.key()) + "}").expect(201);
        api.patch(path, "{'tags': ['new']}", "If-Match", created.header("ETag")).expect(200);
        api.patch(path, "{'tags': ['newer']}", "If-Match", created.header("ETag"))
                .expect(412);
        api.delete(path, "If-Match", created.header("ETag")).expect(412);
        api.delete(path).expect(204);
        api.get(path).expect(404);
        api.delete(path).expect(404);
    }

    @Test
    void anAuthorityIsDeclaredOnceInAGroup() {
        MadeCertificate made = MadeCertificate.authority(name, null);
        String body = "{'name': '" + name + "', 'cert': '" + json(made.cert()) + "'}";
        Reply created = api.post("/v1/ca_certificates", body).expect(201);
        assertThat(created.text("/cert_digest")).isEqualTo(created.text("/details/fingerprint"));
        assertThat(api.post("/v1/ca_certificates", "{'cert': '" + json(made.cert()) + "'}")
                        .expect(409)
                        .text("/detail"))
                .contains("has this CA certificate already, " + created.text("/id"));
        api.put("/v1/ca_certificates/" + name, body).expect(200);
        api.post("/v1/ca_certificates", "{'runtime_group': 'europe', 'cert': '" + json(made.cert()) + "'}")
                .expect(201);
        api.get("/v1/ca_certificates?group=europe").expect(200);
        Reply inEurope = api.get("/v1/ca_certificates?group=europe").expect(200);
        api.delete("/v1/ca_certificates/" + inEurope.text("/data/0/id")).expect(204);
        api.patch("/v1/ca_certificates/" + name, "{'tags': ['a']}").expect(200);
        api.delete("/v1/ca_certificates/" + name).expect(204);
    }

    @Test
    void whatIsNoAuthorityIsRefusedAsOne() {
        assertThat(api.post("/v1/ca_certificates", "{'cert': '" + json(LEAF.cert()) + "'}")
                        .expect(422)
                        .errors())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("cert: Is not the certificate of an authority");
        assertThat(api.post("/v1/ca_certificates", "{'cert': '" + json(ROOT.cert() + ROOT.cert()) + "'}")
                        .expect(422)
                        .errors())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"certificate", "ca_certificate"})
    void aCertificateThatIsNamedIsNotDeleted(String kind) {
        String field = kind.equals("certificate")
                ? "'client_certificate': '" + name + "'"
                : "'ca_certificates': ['" + name + "']";
        String path = "/v1/" + kind + "s/" + name;
        MadeCertificate authority = MadeCertificate.authority(name, null);
        api.put(
                        path,
                        kind.equals("certificate")
                                ? "{" + pair(LEAF.cert(), LEAF.key()) + "}"
                                : "{'cert': '" + json(authority.cert()) + "'}")
                .expect(201);
        String version = "/v1/services/s/versions/" + kind;
        api.put(version, "{}").expect(201);
        Reply made = api.post(version + "/implementation", "{'url': 'https://a.example', " + field + "}")
                .expect(201);
        assertThat(made.body().toString()).contains(api.get(path).text("/id"));
        assertThat(api.delete(path).expect(409).text("/detail"))
                .contains("is used by the implementation of s/" + kind + " (");
        assertThat(api.patch(version, "{'runtime_group': 'europe'}").expect(409).text("/detail"))
                .startsWith("The implementation of s/" + kind + " names certificates of runtime group 'default'");
        api.patch(version + "/implementation", "{'client_certificate': null, 'ca_certificates': null}")
                .expect(200);
        api.patch(version, "{'runtime_group': 'europe'}").expect(200);
        api.delete(path).expect(204);
        api.delete(version).expect(204);
    }

    @Test
    void anImplementationNamesCertificatesOfItsOwnGroupOnly() {
        String id = api.put(
                        "/v1/certificates/" + name,
                        "{'runtime_group': 'europe', " + pair(LEAF.cert(), LEAF.key()) + "}")
                .expect(201)
                .text("/id");
        String version = "/v1/services/s/versions/" + name;
        api.put(version, "{}").expect(201);
        assertThat(api.post(
                                version + "/implementation",
                                "{'url': 'https://a.example', 'client_certificate': '" + id
                                        + "', 'ca_certificates': ['nobody'], 'tls_verify_depth': 1}")
                        .expect(422)
                        .errors())
                .containsExactly(
                        "client_certificate: There is no certificate " + id + " in runtime group 'default'.",
                        "ca_certificates[0]: There is no CA certificate 'nobody' in runtime group 'default'.");
        assertThat(api.post(version + "/implementation", "{'url': 'http://a.example', 'tls_verify_depth': 1}")
                        .expect(422)
                        .errors())
                .containsExactly("tls_verify_depth: Only with protocol https or grpcs.");
        api.delete("/v1/certificates/" + id).expect(204);
    }

    private void refused(String fields, String error) {
        assertThat(api.post("/v1/certificates", "{" + fields + "}").expect(422).errors())
                .hasSize(1)
                .first()
                .asString()
                .startsWith(error);
    }

    /** As it is in the seed file. */
    private String sealedKey(String id) {
        String file = api.get("/v1/runtime-groups/default/revisions/head/snapshot")
                .raw()
                .body();
        String line = file.lines()
                .filter(one -> one.startsWith("certificate " + id))
                .findFirst()
                .orElseThrow();
        return line.replaceAll(".*\"key\":\"([^\"]*)\".*", "$1");
    }

    private String body(MadeCertificate made, String more) {
        return "{'name': '" + name + "', " + pair(made.cert(), made.key()) + ", " + more + "}";
    }

    private static String pair(String cert, String key) {
        return "'cert': '" + json(cert) + "', 'key': '" + json(key) + "'";
    }

    private static String json(String pem) {
        return pem.replace("\n", "\\n");
    }
}
