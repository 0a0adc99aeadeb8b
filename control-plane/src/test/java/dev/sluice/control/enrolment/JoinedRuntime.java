package dev.sluice.control.enrolment;

import static dev.sluice.control.publish.FleetHarness.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.model.trust.Pem;
import dev.sluice.model.wire.Enrolment;
import dev.sluice.model.wire.EnrolmentRequest;
import dev.sluice.model.wire.RenewalRequest;
import dev.sluice.model.wire.RuntimeApi;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Objects;
import java.util.UUID;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;

/** A runtime as control planes see it: a key of its own, and the certificate that it got for it. */
public final class JoinedRuntime {
    private final Vertx vertx;
    private final String authority;
    private final UUID id;
    private KeyPair keys = ecKeys("secp256r1");
    private @Nullable Enrolment enrolment;
    private @Nullable WebClient web;

    /** @param authority PEM; what it trusts */
    public JoinedRuntime(Vertx vertx, String authority, UUID id) {
        this.vertx = vertx;
        this.authority = authority;
        this.id = id;
    }

    public UUID id() {
        return id;
    }

    /** Whoever has no certificate at all. */
    public static WebClient stranger(Vertx vertx, String authority) {
        return WebClient.create(vertx, options(authority));
    }

    /** Whoever has these. */
    static WebClient client(Vertx vertx, String authority, KeyPair keys, String certificates) {
        return WebClient.create(
                vertx,
                options(authority)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addKeyValue(Buffer.buffer(Pem.write(
                                        "PRIVATE KEY", keys.getPrivate().getEncoded())))
                                .addCertValue(Buffer.buffer(certificates))));
    }

    private static WebClientOptions options(String authority) {
        return new WebClientOptions()
                .setDefaultHost("127.0.0.1")
                .setSsl(true)
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(authority)));
    }

    /** Asks to join. */
    Future<HttpResponse<Buffer>> joining(int port, String token) {
        return stranger(vertx, authority)
                .post(port, "127.0.0.1", RuntimeApi.ENROLMENT_PATH)
                .sendBuffer(Buffer.buffer(
                        WireJson.bytes(new EnrolmentRequest(token, id, "runtime-" + id, request("EC", keys)))));
    }

    @CanIgnoreReturnValue
    public Enrolment join(int port, String token) {
        return taken(await(joining(port, token)), keys);
    }

    /** With a new key. */
    @CanIgnoreReturnValue
    Enrolment renew(int port) {
        KeyPair next = ecKeys("secp256r1");
        return taken(
                await(web().post(port, "127.0.0.1", RuntimeApi.RENEWAL_PATH)
                        .sendBuffer(Buffer.buffer(WireJson.bytes(new RenewalRequest(request("EC", next)))))),
                next);
    }

    private Enrolment taken(HttpResponse<Buffer> response, KeyPair used) {
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.bodyAsString());
        }
        Enrolment got = WireJson.read(Enrolment.class, response.body().getBytes());
        keys = used;
        enrolment = got;
        web = client(vertx, authority, keys, got.certificate());
        return got;
    }

    /** With its certificate. */
    public WebClient web() {
        return Objects.requireNonNull(web, "it has not joined");
    }

    Enrolment enrolment() {
        return Objects.requireNonNull(enrolment, "it has not joined");
    }

    KeyPair keys() {
        return keys;
    }

    void keys(KeyPair others) {
        keys = others;
    }

    static KeyPair ecKeys(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A certificate request that claims to be somebody important. */
    static String request(String algorithm, KeyPair keys) {
        String signature =
                switch (algorithm) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> algorithm;
                };
        try {
            return Pem.write(
                    "CERTIFICATE REQUEST",
                    new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=admin,O=root"), keys.getPublic())
                            .build(new JcaContentSignerBuilder(signature).build(keys.getPrivate()))
                            .getEncoded());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
