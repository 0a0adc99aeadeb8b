package dev.sluice.runtime;

import dev.sluice.model.snapshot.Revision;
import dev.sluice.model.snapshot.Snapshot;
import dev.sluice.model.trust.JoinToken;
import dev.sluice.model.trust.Pem;
import dev.sluice.model.trust.RuntimeName;
import dev.sluice.model.trust.SealingKey;
import dev.sluice.model.wire.Enrolment;
import dev.sluice.model.wire.EnrolmentRequest;
import dev.sluice.model.wire.RenewalRequest;
import dev.sluice.model.wire.Report;
import dev.sluice.model.wire.Report.BootCounts;
import dev.sluice.model.wire.Report.CodeCount;
import dev.sluice.model.wire.Report.MinuteCounts;
import dev.sluice.model.wire.Report.RouteCounts;
import dev.sluice.model.wire.ReportAnswer;
import dev.sluice.model.wire.RuntimeApi;
import dev.sluice.model.wire.Trust;
import dev.sluice.model.wire.Trust.ContentKey;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;

/**
 * A control plane as a runtime sees it: lets it in, serves a signed snapshot, takes reports and keeps the greatest count
 * it ever saw; over TLS, with client certificates. Every answer may be made to fail.
 */
public final class ControlPlaneDouble implements AutoCloseable {
    /** The id of the one group. */
    public static final UUID GROUP_ID = new UUID(9, 9);

    private static final String LOCAL = "127.0.0.1";

    /** What becomes of a report. */
    public enum Reports {
        /** Taken and acknowledged. */
        TAKEN,
        /** Not taken: 503. */
        REFUSED,
        /** Taken, but the answer is lost. */
        UNACKNOWLEDGED
    }

    private final Vertx vertx = Vertx.vertx();
    private final TestAuthority authority;
    private final String certifiedHost;
    private final List<Report> reports = new ArrayList<>();
    private final List<PublicKey> certified = new ArrayList<>();
    private final List<String> shown = new ArrayList<>();
    private final Map<Key, Long> greatest = new HashMap<>();
    private @Nullable HttpServer server;
    private int port;
    private byte @Nullable [] body;
    private @Nullable String etag;
    private Revision head = new Revision(1, 0);
    private Reports mode = Reports.TAKEN;
    private int fetches;
    private int fullAnswers;
    private int enrolments;
    private int trusts;
    private int renewalsToFail;
    private int joiningStatus = 200;
    private boolean enrolmentsUnanswered;
    private Duration life = Duration.ofHours(12);
    private long clockAheadMillis;
    private int version = 1;
    private String group = Configurations.GROUP;
    private List<String> authorities;
    private List<String> retired = List.of();
    private List<ContentKey> contentKeys = List.of();
    private List<String> controlPlanes = List.of();

    private ControlPlaneDouble(TestAuthority authority, String certifiedHost) {
        this.authority = authority;
        this.certifiedHost = certifiedHost;
        this.authorities = List.of(Pem.write(authority.certificate()));
    }

    /** One that listens, and serves nothing yet: its snapshot is answered with 503. */
    public static ControlPlaneDouble started() {
        return started(TestAuthority.SHARED);
    }

    public static ControlPlaneDouble started(TestAuthority authority) {
        return started(authority, LOCAL);
    }

    /** One whose certificate is for that host, wherever it is. */
    public static ControlPlaneDouble started(TestAuthority authority, String certifiedHost) {
        ControlPlaneDouble started = new ControlPlaneDouble(authority, certifiedHost);
        started.listen();
        return started;
    }

    /** Takes up its port again. */
    public void listen() {
        KeyPair keys = TestAuthority.pair("EC");
        server = vertx.createHttpServer(new HttpServerOptions()
                        .setCompressionSupported(true)
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setKeyValue(Buffer.buffer(Pem.write(
                                        "PRIVATE KEY", keys.getPrivate().getEncoded())))
                                .setCertValue(Buffer.buffer(authority.server(keys.getPublic(), certifiedHost))))
                        .setTrustOptions(
                                new PemTrustOptions().addCertValue(Buffer.buffer(Pem.write(authority.certificate()))))
                        .setClientAuth(ClientAuth.REQUEST))
                .requestHandler(this::handle)
                .listen(port, LOCAL)
                .await();
        port = server.actualPort();
    }

    /** Leaves its port, and cuts every connection. */
    public void goDown() {
        if (server != null) {
            server.close().await();
            server = null;
        }
    }

    public URI uri() {
        return URI.create("https://" + LOCAL + ":" + port);
    }

    public JoinToken token() {
        return authority.token();
    }

    public void serve(Snapshot snapshot) {
        serve(authority.signed(snapshot), snapshot.etag(), snapshot.revision());
    }

    /** Serves any bytes, under any name. */
    public synchronized void serve(byte[] bytes, String name, Revision at) {
        body = bytes;
        etag = name;
        head = at;
    }

    public synchronized void reports(Reports next) {
        mode = next;
    }

    public synchronized void clockAhead(long millis) {
        clockAheadMillis = millis;
    }

    /** How long certificates live from now on. */
    public synchronized void certifyFor(Duration next) {
        life = next;
    }

    /** Answers enrolments with this status from now on. */
    public synchronized void joiningStatus(int status) {
        joiningStatus = status;
    }

    /** Takes enrolments from now on, but their answers are lost. */
    public synchronized void loseEnrolments(boolean lost) {
        enrolmentsUnanswered = lost;
    }

    /** The next so many renewals are answered with 503. */
    public synchronized void failRenewals(int times) {
        renewalsToFail = times;
    }

    /** Runtimes are to trust these authorities from now on. */
    public synchronized void authorities(X509Certificate... next) {
        authorities = Stream.of(next).map(Pem::write).toList();
        version++;
    }

    /** These signing keys count no more. */
    public synchronized void retire(String... signers) {
        retired = List.of(signers);
        version++;
    }

    /** Runtimes are to call these too. */
    public synchronized void nameControlPlanes(URI... others) {
        controlPlanes = Stream.of(others).map(URI::toString).toList();
        version++;
    }

    public synchronized void renameGroup(String next) {
        group = next;
        version++;
    }

    /** The key that opens the secrets in snapshots. */
    public synchronized void contentKey(SealingKey key) {
        contentKeys = List.of(new ContentKey(key.id(), Base64.getEncoder().encodeToString(key.bytes())));
        version++;
    }

    /** What runtimes are to trust. */
    public synchronized Trust trust() {
        return new Trust(
                String.valueOf(version),
                GROUP_ID,
                group,
                authorities,
                authorities,
                retired,
                contentKeys,
                controlPlanes,
                List.of());
    }

    /** What a runtime that asks for a certificate is answered. */
    public synchronized Enrolment certify(UUID runtime, String certificateRequest) {
        PublicKey key = proven(certificateRequest);
        certified.add(key);
        String certificate = authority.runtime(key, new RuntimeName(runtime, GROUP_ID), life);
        return new Enrolment(runtime, certificate, authority.nameless(key, life), trust());
    }

    public synchronized List<Report> reports() {
        return List.copyOf(reports);
    }

    /** The last report; fails where there is none. */
    public synchronized Report lastReport() {
        if (reports.isEmpty()) {
            throw new AssertionError("No report yet");
        }
        return reports.get(reports.size() - 1);
    }

    /** Sum over everything: what the control plane would show as the number of requests. */
    public synchronized long total() {
        return greatest.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Requests by status code. */
    public synchronized long total(int code) {
        return greatest.entrySet().stream()
                .filter(entry -> entry.getKey().code == code)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** The latest minute that was counted for. */
    public synchronized long latestMinute() {
        return greatest.keySet().stream().mapToLong(Key::minute).max().orElse(-1);
    }

    /** The first minute that was counted for. */
    public synchronized long earliestMinute() {
        return greatest.keySet().stream().mapToLong(Key::minute).min().orElse(-1);
    }

    public synchronized int fetches() {
        return fetches;
    }

    /** How many fetches were answered with a whole snapshot. */
    public synchronized int fullAnswers() {
        return fullAnswers;
    }

    /** How often anybody asked to join. */
    public synchronized int enrolments() {
        return enrolments;
    }

    /** How often anybody asked what to trust. */
    public synchronized int trusts() {
        return trusts;
    }

    /** The keys for which certificates were made, in order. */
    public synchronized List<PublicKey> certified() {
        return List.copyOf(certified);
    }

    /** Serial numbers of the certificates that reports came with, in order, without repetitions. */
    public synchronized List<String> shown() {
        return List.copyOf(shown);
    }

    @Override
    public void close() {
        vertx.close().await();
    }

    private synchronized void handle(HttpServerRequest request) {
        if (request.path().equals(RuntimeApi.ENROLMENT_PATH)) {
            request.body().onSuccess(bytes -> enrol(request, bytes));
            return;
        }
        X509Certificate caller = caller(request);
        if (caller == null) {
            refuse(request, 401, "No valid certificate");
            return;
        }
        switch (request.path()) {
            case RuntimeApi.SNAPSHOT_PATH -> snapshot(request);
            case RuntimeApi.RENEWAL_PATH -> request.body().onSuccess(bytes -> renew(request, caller, bytes));
            case RuntimeApi.TRUST_PATH -> {
                trusts++;
                request.response().end(Buffer.buffer(WireJson.bytes(trust())));
            }
            case RuntimeApi.REPORT_PATH -> {
                String encoding = request.getHeader("Content-Encoding");
                request.body().onSuccess(bytes -> report(request, caller, bytes, encoding));
            }
            default -> request.response().setStatusCode(404).end();
        }
    }

    private static @Nullable X509Certificate caller(HttpServerRequest request) {
        try {
            return (X509Certificate) request.sslSession().getPeerCertificates()[0];
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    private static void refuse(HttpServerRequest request, int status, String title) {
        request.response().setStatusCode(status).end("{\"title\": \"" + title + "\"}");
    }

    private synchronized void enrol(HttpServerRequest request, Buffer bytes) {
        enrolments++;
        EnrolmentRequest asked = WireJson.read(EnrolmentRequest.class, bytes.getBytes());
        if (joiningStatus != 200) {
            refuse(request, joiningStatus, "This token is spent");
        } else if (!JoinToken.parse(asked.token()).equals(authority.token())) {
            refuse(request, 401, "This token is unknown");
        } else {
            Buffer answer = Buffer.buffer(WireJson.bytes(certify(asked.runtime(), asked.certificateRequest())));
            if (enrolmentsUnanswered) {
                request.connection().close();
            } else {
                request.response().end(answer);
            }
        }
    }

    private synchronized void renew(HttpServerRequest request, X509Certificate caller, Buffer bytes) {
        if (renewalsToFail > 0) {
            renewalsToFail--;
            request.response().setStatusCode(503).end();
            return;
        }
        RenewalRequest asked = WireJson.read(RenewalRequest.class, bytes.getBytes());
        Enrolment next = certify(RuntimeName.of(caller).runtime(), asked.certificateRequest());
        request.response().end(Buffer.buffer(WireJson.bytes(next)));
    }

    private static PublicKey proven(String certificateRequest) {
        try {
            JcaPKCS10CertificationRequest request =
                    new JcaPKCS10CertificationRequest(Pem.read(certificateRequest, "CERTIFICATE REQUEST"));
            PublicKey key = request.getPublicKey();
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new AssertionError("The request is not signed with the key that it is for");
            }
            return key;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void snapshot(HttpServerRequest request) {
        fetches++;
        if (body == null) {
            request.response().setStatusCode(503).end();
        } else if (request.getHeader("If-None-Match") != null
                && request.getHeader("If-None-Match").equals(etag)) {
            request.response().setStatusCode(304).end();
        } else {
            fullAnswers++;
            request.response()
                    .putHeader("ETag", etag)
                    .putHeader("Content-Type", "text/plain") // which the server compresses
                    .end(Buffer.buffer(body));
        }
    }

    private synchronized void report(
            HttpServerRequest request, X509Certificate caller, Buffer bytes, @Nullable String encoding) {
        if (mode == Reports.REFUSED) {
            request.response().setStatusCode(503).end();
            return;
        }
        Report report = WireJson.read(Report.class, plain(bytes, encoding));
        reports.add(report);
        String serial = caller.getSerialNumber().toString();
        if (!shown.contains(serial)) {
            shown.add(serial);
        }
        for (BootCounts boot : report.counts()) {
            for (MinuteCounts minute : boot.minutes()) {
                minute.routes().forEach(row -> take(boot.boot(), minute.minute(), row));
            }
        }
        if (mode == Reports.UNACKNOWLEDGED) {
            request.connection().close();
            return;
        }
        long now = System.currentTimeMillis() + clockAheadMillis;
        request.response()
                .end(Buffer.buffer(
                        WireJson.bytes(new ReportAnswer(now, head.epoch(), head.number(), String.valueOf(version)))));
    }

    private void take(UUID boot, long minute, RouteCounts row) {
        for (CodeCount code : row.codes()) {
            greatest.merge(new Key(boot, minute, row.route(), code.code()), code.count(), Math::max);
        }
    }

    private static byte[] plain(Buffer bytes, @Nullable String encoding) {
        if (encoding == null) {
            return bytes.getBytes();
        }
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes.getBytes()))) {
            return gzip.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("Not gzip", e);
        }
    }

    private record Key(UUID boot, long minute, @Nullable UUID route, int code) {}
}
