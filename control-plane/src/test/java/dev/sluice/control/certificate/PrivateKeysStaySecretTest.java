package dev.sluice.control.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import dev.sluice.control.db.AllRows;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

class PrivateKeysStaySecretTest {
    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane();

    private static final MadeCertificate FIRST = MadeCertificate.leaf("first", "EC P-256", null);
    private static final MadeCertificate SECOND = MadeCertificate.leaf("second", "EC P-256", null);

    private final ApiClient api = controlPlane.client();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Queue<String> logged = new ConcurrentLinkedQueue<>();
    private final List<String> answers = new ArrayList<>();
    private final Level before = root.getLevel();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            logged.add(event.getFormattedMessage());
            if (event.getThrowableProxy() != null) {
                logged.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
        }
    };

    @BeforeEach
    void listen() {
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.addAppender(appender);
        root.setLevel(Level.DEBUG);
    }

    @AfterEach
    void silence() {
        root.setLevel(before);
        root.detachAppender(appender);
    }

    @Test
    void noAnswerNoLogAndNoTableHasAKey() {
        Reply created = keep(api.post("/v1/certificates", pair(FIRST.cert(), FIRST.key())))
                .expect(201);
        long revision = created.body().path("revision").asLong();
        String path = "/v1/certificates/" + created.text("/id");
        String revisions = "/v1/runtime-groups/default/revisions/";
        keep(api.get(path)).expect(200);
        keep(api.get("/v1/certificates")).expect(200);
        keep(api.patch(path, "{'tags': ['a']}")).expect(200);
        keep(api.put(path, pair(SECOND.cert(), SECOND.key()))).expect(200);
        keep(api.put(path, pair(FIRST.cert(), SECOND.key()))).expect(422);
        keep(api.put(path, pair(FIRST.cert() + SECOND.key(), SECOND.key()))).expect(422);
        keep(api.put(path, pair(FIRST.cert(), SECOND.key().replace("PRIVATE KEY", "RSA PRIVATE KEY"))))
                .expect(422);
        keep(api.put(path, pair(SECOND.cert(), SECOND.key() + " ".repeat(20_000))))
                .expect(422);
        keep(api.put(path, "{'key': " + line(SECOND) + "}")).expect(400);
        keep(api.put(path, "{'key': ['" + line(SECOND) + "']}")).expect(422);
        keep(api.put(path, "{'keys': '" + line(SECOND) + "'}")).expect(422);
        keep(api.get(revisions + revision)).expect(200);
        keep(api.get(revisions + revision + "/diff?to=" + (revision + 2))).expect(200);
        keep(api.get(revisions + "head/snapshot")).expect(200);
        keep(api.post(revisions + revision + "/restore", null)).expect(200);
        keep(api.delete(path)).expect(204);

        List<String> rows = AllRows.of(controlPlane.databaseUri());
        assertThat(rows).anyMatch(row -> row.contains(hex("sealed:1:")));
        root.info("this is heard");
        assertThat(logged).contains("this is heard");
        for (MadeCertificate made : List.of(FIRST, SECOND)) {
            for (String secret : List.of(line(made), hex(line(made)), lastLine(made), hex(lastLine(made)), der(made))) {
                assertThat(answers).as("answers").noneMatch(text -> text.contains(secret));
                assertThat(logged).as("logs").noneMatch(text -> text.contains(secret));
                assertThat(rows).as("tables").noneMatch(text -> text.contains(secret));
            }
        }
    }

    @Test
    void differencesSayWhetherAKeyChangedAndNothingElseOfIt() {
        Reply created =
                api.post("/v1/certificates", pair(FIRST.cert(), FIRST.key())).expect(201);
        long from = created.body().path("revision").asLong();
        String path = "/v1/certificates/" + created.text("/id");
        api.patch(path, "{'tags': ['a']}").expect(200);
        api.put(path, pair(SECOND.cert(), SECOND.key())).expect(200);
        assertThat(change(from, from + 1).at("/after/key").toString()).isEqualTo("{\"sealed\":true,\"changed\":false}");
        assertThat(change(from + 1, from + 2).at("/after/key").toString())
                .isEqualTo("{\"sealed\":true,\"changed\":true}");
        assertThat(change(from + 1, from + 2).at("/before/key").toString())
                .isEqualTo("{\"sealed\":true,\"changed\":true}");
        assertThat(change(from - 1, from).at("/after/key/sealed").asBoolean()).isTrue();
        assertThat(change(from, from + 2).at("/after/key_alt").isNull()).isTrue();
    }

    @Test
    void aRestoreBringsBackTheKeyOfThen() {
        Reply created =
                api.post("/v1/certificates", pair(FIRST.cert(), FIRST.key())).expect(201);
        String revision = created.text("/revision");
        String path = "/v1/certificates/" + created.text("/id");
        String sealed = snapshotLine(created.text("/id"));
        api.post("/v1/services", "{'name': 'restored', 'version': 'v'}").expect(201);
        String implementation = "/v1/services/restored/versions/v/implementation";
        api.post(implementation, "{'url': 'https://a.example', 'client_certificate': '" + created.text("/id") + "'}")
                .expect(201);
        api.delete("/v1/services/restored").expect(204);
        api.delete(path).expect(204);
        api.post("/v1/runtime-groups/default/revisions/" + (Long.parseLong(revision) + 1) + "/restore", null)
                .expect(200);
        assertThat(api.get(implementation).expect(200).text("/client_certificate"))
                .isEqualTo(created.text("/id"));
        assertThat(snapshotLine(created.text("/id"))).isEqualTo(sealed);
        api.delete("/v1/services/restored").expect(204);
    }

    private Reply keep(Reply reply) {
        answers.add(reply.raw().body());
        answers.add(reply.raw().headers().toString());
        return reply;
    }

    private JsonNode change(long from, long to) {
        return api.get("/v1/runtime-groups/default/revisions/" + from + "/diff?to=" + to)
                .expect(200)
                .body()
                .at("/changes/0");
    }

    private String snapshotLine(String id) {
        String file = api.get("/v1/runtime-groups/default/revisions/head/snapshot")
                .raw()
                .body();
        return file.lines()
                .filter(line -> line.startsWith("certificate " + id))
                .findFirst()
                .orElseThrow();
    }

    private static String line(MadeCertificate made) {
        return made.key().lines().skip(1).findFirst().orElseThrow();
    }

    private static String lastLine(MadeCertificate made) {
        List<String> lines = made.key().lines().toList();
        return lines.get(lines.size() - 2);
    }

    private static String der(MadeCertificate made) {
        return HexFormat.of().formatHex(made.keys().getPrivate().getEncoded());
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String pair(String cert, String key) {
        return "{'cert': '" + cert.replace("\n", "\\n") + "', 'key': '" + key.replace("\n", "\\n") + "'}";
    }
}
