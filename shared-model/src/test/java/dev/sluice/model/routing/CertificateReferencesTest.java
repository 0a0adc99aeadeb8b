package dev.sluice.model.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.problem.InvalidConfigurationException;
import dev.sluice.model.problem.Violation;
import dev.sluice.model.snapshot.Entity;
import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CertificateReferencesTest {
    private static final UUID CERTIFICATE = UUID.randomUUID();
    private static final UUID AUTHORITY = UUID.randomUUID();
    private static final UUID IMPLEMENTATION = UUID.randomUUID();

    @Test
    void certificatesThatAreThereMayBeNamed() {
        RouteTable table = RouteTable.compile(snapshot(
                certificate("sealed:1:0123456789abcdef:AAAA"), authority(), implementation(CERTIFICATE, AUTHORITY)));
        assertThat(table.routeCount()).isZero();
    }

    @Test
    void aDanglingReferenceDoesNotCompile() {
        UUID missing = UUID.randomUUID();
        assertThat(faults(authority(), implementation(missing, AUTHORITY, missing)))
                .extracting(Violation::field)
                .containsExactly(
                        "implementations[" + IMPLEMENTATION + "].client_certificate",
                        "implementations[" + IMPLEMENTATION + "].ca_certificates[1]");
    }

    @Test
    void oneKindOfCertificateDoesNotStandForTheOther() {
        assertThat(faults(
                        certificate("sealed:1:0123456789abcdef:AAAA"),
                        authority(),
                        implementation(AUTHORITY, CERTIFICATE)))
                .hasSize(2);
    }

    @Test
    void aKeyThatIsNotSealedDoesNotCompile() {
        assertThat(faults(certificate("-----BEGIN PRIVATE KEY-----")))
                .extracting(Violation::field)
                .containsExactly("certificates[" + CERTIFICATE + "].key");
    }

    @Test
    void anSniNamesACertificateThatIsThere() {
        Entity certificate = certificate("sealed:1:0123456789abcdef:AAAA");
        assertThat(RouteTable.compile(snapshot(certificate, sni("*.example.com", CERTIFICATE)))
                        .routeCount())
                .isZero();
        assertThat(faults(authority(), sni("a.example", AUTHORITY)))
                .extracting(Violation::message)
                .containsExactly("There is no certificate " + AUTHORITY + " in this runtime group");
    }

    @Test
    void anSniHasANameThatNoOtherHasInItsOneForm() {
        Entity certificate = certificate("sealed:1:0123456789abcdef:AAAA");
        assertThat(faults(certificate, sni("a.example", CERTIFICATE), sni("a.example", CERTIFICATE)))
                .extracting(Violation::code)
                .containsExactly("conflict");
        assertThat(faults(certificate, sni("A.example", CERTIFICATE), sni("a.*.example", CERTIFICATE)))
                .extracting(Violation::code)
                .containsExactlyInAnyOrder("invalid", "pattern");
    }

    private static List<Violation> faults(Entity... entities) {
        return catchThrowableOfType(InvalidConfigurationException.class, () -> RouteTable.compile(snapshot(entities)))
                .violations();
    }

    private static Snapshot snapshot(Entity... entities) {
        return Snapshot.of("default", new Revision(1, 1), List.of(entities));
    }

    private static Entity certificate(String key) {
        return entity("certificate", CERTIFICATE, object().put("cert", "…").put("key", key));
    }

    private static Entity authority() {
        return entity("ca_certificate", AUTHORITY, object().put("cert", "…").put("cert_digest", "…"));
    }

    private static Entity sni(String name, UUID certificate) {
        return entity("sni", UUID.randomUUID(), object().put("name", name).put("certificate", certificate.toString()));
    }

    private static Entity implementation(UUID shown, UUID... trusted) {
        ObjectNode json = object().put("version_id", UUID.randomUUID().toString())
                .put("protocol", "https")
                .put("host", "a.example")
                .put("port", 443)
                .put("client_certificate", shown.toString());
        json.set("ca_certificates", ConfigJson.MAPPER.valueToTree(trusted));
        return entity("implementation", IMPLEMENTATION, json);
    }

    private static ObjectNode object() {
        return ConfigJson.MAPPER.createObjectNode().put("created_at", "2030-01-01T00:00:00Z");
    }

    private static Entity entity(String kind, UUID id, ObjectNode json) {
        return Entity.of(kind, id, json.put("id", id.toString()).toString().getBytes(StandardCharsets.UTF_8));
    }
}
