package dev.sluice.control.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.config.ConfigJson;
import dev.sluice.model.wire.Report;
import dev.sluice.model.wire.WireJson;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes reports out of malice, the same ones for the same seed. None of them says anything that may be recorded: each
 * has a part that no control plane may believe, or nothing but rows that cannot be kept.
 */
final class HostileReports {
    private static final List<String> SQL = List.of(
            "'; DROP TABLE runtime; --",
            "' OR '1'='1",
            "$1, $2); DELETE FROM status_minute; --",
            "\"; TRUNCATE group_head CASCADE; --",
            "'||(SELECT pg_sleep(30))||'",
            "\\'; COPY runtime TO PROGRAM 'touch /tmp/owned'; --",
            "x') ON CONFLICT DO UPDATE SET revision = 0; --");
    private static final List<String> NUMBERS = List.of(
            "/sequence",
            "/runtime/started_at",
            "/state/epoch",
            "/state/revision",
            "/state/memory_used",
            "/state/memory_max",
            "/counts/0/minutes/0/minute",
            "/counts/0/minutes/0/routes/0/codes/0/code",
            "/counts/0/minutes/0/routes/0/codes/0/count");
    private static final List<String> STRINGS = List.of(
            "/runtime/id",
            "/runtime/boot",
            "/runtime/group",
            "/state/digest",
            "/state/source",
            "/counts/0/boot",
            "/counts/0/minutes/0/routes/0/route");
    private static final List<String> PARTS = List.of(
            "/runtime",
            "/state",
            "/counts",
            "/counts/0",
            "/counts/0/minutes",
            "/counts/0/minutes/0",
            "/counts/0/minutes/0/routes",
            "/counts/0/minutes/0/routes/0",
            "/counts/0/minutes/0/routes/0/codes",
            "/counts/0/minutes/0/routes/0/codes/0");
    private static final List<String> FLAGS = List.of("/state/stopping", "/state/stopped", "/state/bus");

    private final Random random;
    private final Supplier<Report> good;
    private final Supplier<Report> old;
    private final UUID victim;
    private final List<Function<ObjectNode, Buffer>> spoilers;

    /** @param encoding value of {@code Content-Encoding}, or null */
    record Hostile(Buffer body, @Nullable String encoding) {}

    /**
     * @param good a report that would be taken, with a sequence that has not been, and one row of counts
     * @param old the same with a sequence that was taken before: what is in it beside its counts is known already
     * @param victim another runtime of the group
     */
    HostileReports(long seed, Supplier<Report> good, Supplier<Report> old, UUID victim) {
        this.random = new Random(seed);
        this.good = good;
        this.old = old;
        this.victim = victim;
        this.spoilers = List.of(
                this::wrongTypes,
                this::impossibleNumbers,
                this::sqlInStrings,
                this::sqlInAllStrings,
                this::somebodyElse,
                this::missing,
                this::nulls,
                this::tooMany,
                this::unprintable,
                this::deep,
                this::twice,
                this::cutOff,
                this::notUtf8,
                this::noise,
                this::endless);
    }

    Hostile next() {
        int kind = random.nextInt(100);
        if (kind < 1) {
            return new Hostile(large(10 * 1024 * 1024), null);
        }
        if (kind < 3) {
            return new Hostile(bomb(), "gzip");
        }
        if (kind < 8) {
            return badlyEncoded();
        }
        if (kind < 25) {
            return new Hostile(unrecordable(), null);
        }
        return new Hostile(pick(spoilers).apply(tree(good.get())), null);
    }

    private Buffer wrongTypes(ObjectNode report) {
        String pointer = pick(pick(List.of(NUMBERS, STRINGS, PARTS, FLAGS)));
        JsonNode value = PARTS.contains(pointer)
                ? pick(List.of(
                        number("17"),
                        text("text"),
                        ConfigJson.MAPPER.getNodeFactory().booleanNode(true)))
                : pick(List.of(
                        ConfigJson.MAPPER.createObjectNode().put("a", 1),
                        ConfigJson.MAPPER.createArrayNode().add(1).add("b"),
                        ConfigJson.MAPPER.createArrayNode()));
        return bytes(with(report, pointer, value));
    }

    private Buffer impossibleNumbers(ObjectNode report) {
        String number = pick(List.of(
                "-1",
                "-9223372036854775808",
                "9223372036854775808",
                "-9223372036854775809",
                "340282366920938463463374607431768211456",
                "1.5",
                "1e400",
                "-1e400",
                "1e99999999"));
        String pointer = pick(NUMBERS);
        boolean passedOver = pointer.endsWith("/minute") || pointer.endsWith("/code");
        ObjectNode base = passedOver ? tree(old.get()) : report;
        String json = with(base, pointer, text("@@")).toString();
        return Buffer.buffer(json.replace("\"@@\"", number));
    }

    private Buffer sqlInStrings(ObjectNode report) {
        return bytes(with(report, pick(STRINGS), text(pick(SQL))));
    }

    private Buffer sqlInAllStrings(ObjectNode report) {
        ObjectNode spoilt = report;
        for (String pointer : STRINGS) {
            spoilt = with(spoilt, pointer, text(pick(SQL)));
        }
        for (String pointer : List.of("/runtime/name", "/runtime/host", "/runtime/version")) {
            spoilt = with(spoilt, pointer, text(pick(SQL)));
        }
        return bytes(spoilt);
    }

    private Buffer somebodyElse(ObjectNode report) {
        return bytes(with(report, "/runtime/id", text(victim.toString())));
    }

    private Buffer missing(ObjectNode report) {
        String pointer =
                pick(List.of("/runtime", "/state", "/counts", "/runtime/id", "/runtime/boot", "/state/digest"));
        parent(report, pointer).remove(name(pointer));
        return bytes(report);
    }

    private Buffer nulls(ObjectNode report) {
        String pointer = pick(List.of(
                "/runtime",
                "/state",
                "/counts",
                "/counts/0",
                "/counts/0/minutes",
                "/counts/0/minutes/0/routes",
                "/counts/0/minutes/0/routes/0/codes",
                "/runtime/name",
                "/sequence",
                "/state/epoch"));
        return bytes(with(report, pointer, ConfigJson.MAPPER.nullNode()));
    }

    private Buffer tooMany(ObjectNode report) {
        ObjectNode row = (ObjectNode) report.at("/counts/0/minutes/0/routes/0");
        switch (random.nextInt(3)) {
            case 0 -> {
                ArrayNode codes = row.putArray("codes");
                for (int i = 0; i < ReportRules.MAX_ROWS + 1; i++) {
                    codes.addObject().put("code", 1000 + i).put("count", 1);
                }
            }
            case 1 -> {
                ArrayNode codes = (ArrayNode) row.path("codes");
                codes.addAll(List.of(codes.get(0).deepCopy(), codes.get(0).deepCopy()));
            }
            default -> {
                ArrayNode boots = (ArrayNode) report.path("counts");
                for (int i = 0; i < ReportRules.MAX_BOOTS; i++) {
                    boots.addObject().put("boot", randomId()).putArray("minutes");
                }
            }
        }
        return bytes(report);
    }

    private Buffer unprintable(ObjectNode report) {
        String text = pick(List.of("nul\u0000", "\u0000", "line\nbreak", "\u202Eright", "@@", "\uFFFF", ""));
        String pointer = pick(List.of("/runtime/name", "/runtime/host", "/runtime/version"));
        String tooLong = "x".repeat(256 + random.nextInt(100_000));
        String json = with(report, pointer, text(random.nextInt(4) == 0 ? tooLong : text))
                .toString();
        return Buffer.buffer(json.replace("@@", "\\ud800"));
    }

    private Buffer deep(ObjectNode report) {
        int depth = 2000 + random.nextInt(100_000);
        String open = random.nextBoolean() ? "[" : "{\"a\":";
        String close = open.equals("[") ? "]" : "}";
        String nested = open.repeat(depth) + "1" + close.repeat(depth);
        String pointer = pick(List.of("/extra", "/counts", "/state", "/runtime/name"));
        return Buffer.buffer(with(report, pointer, text("@@")).toString().replace("\"@@\"", nested));
    }

    private Buffer twice(ObjectNode report) {
        String json = report.toString();
        String again = pick(List.of("\"sequence\":-1", "\"state\":{}", "\"runtime\":null", "\"counts\":7"));
        return Buffer.buffer(json.substring(0, json.length() - 1) + "," + again + "}");
    }

    private Buffer cutOff(ObjectNode report) {
        String json = report.toString();
        return Buffer.buffer(
                random.nextInt(4) == 0
                        ? json + pick(List.of("x", "{}", ",", "]", "\u0000"))
                        : json.substring(0, random.nextInt(json.length())));
    }

    private Buffer notUtf8(ObjectNode report) {
        byte[] wrong = pick(List.of(
                new byte[] {(byte) 0xFF},
                new byte[] {(byte) 0xC3, 0x28},
                new byte[] {(byte) 0xC0, (byte) 0x80},
                new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
                new byte[] {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80}));
        String[] halves = with(report, "/runtime/name", text("@@")).toString().split("@@", 2);
        return Buffer.buffer(halves[0]).appendBytes(wrong).appendString(halves[1]);
    }

    private Buffer noise(ObjectNode report) {
        byte[] bytes = new byte[random.nextInt(4000)];
        random.nextBytes(bytes);
        return pick(List.of(
                Buffer.buffer(bytes),
                Buffer.buffer(),
                Buffer.buffer("null"),
                Buffer.buffer("[" + report + "]"),
                Buffer.buffer("\"" + pick(SQL) + "\""),
                Buffer.buffer("true"),
                Buffer.buffer((report + "x").getBytes(StandardCharsets.UTF_16)),
                Buffer.buffer("<report/>")));
    }

    /** Numbers and texts that take long to read. */
    private Buffer endless(ObjectNode report) {
        String value = pick(List.of("9".repeat(200_000), "0." + "1".repeat(200_000), "1e" + "9".repeat(500)));
        String pointer = pick(NUMBERS.subList(0, 6));
        return Buffer.buffer(with(report, pointer, text("@@")).toString().replace("\"@@\"", value));
    }

    /** A report that is taken, but for its rows: none of them can be kept. */
    private Buffer unrecordable() {
        ObjectNode report = tree(old.get());
        ObjectNode minute = (ObjectNode) report.at("/counts/0/minutes/0");
        ObjectNode row = (ObjectNode) minute.at("/routes/0");
        switch (random.nextInt(4)) {
            case 0 -> row.put("route", randomId());
            case 1 ->
                minute.put("minute", pick(List.of(Long.MIN_VALUE, -1L, 0L, 12_345L, 99_999_999L, Long.MAX_VALUE)));
            case 2 -> {
                ArrayNode codes = row.putArray("codes");
                int first = pick(List.of(600, -20_000, Integer.MAX_VALUE - 6000));
                for (int i = 0; i < 1 + random.nextInt(5000); i++) {
                    codes.addObject().put("code", first + i).put("count", 1 + random.nextInt(1000));
                }
            }
            default -> {
                row.putArray("codes");
                byte[] bytes = new byte[random.nextInt(80_000)];
                random.nextBytes(bytes);
                row.put(
                        "latency",
                        pick(List.of(Base64.getEncoder().encodeToString(bytes), pick(SQL), "", bombedLatency())));
            }
        }
        return bytes(report);
    }

    /** A sound-looking envelope around a histogram that would take gigabytes. */
    private static String bombedLatency() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x1c, (byte) 0x84, (byte) 0x93, 0x14, 0, 0, 1, 0});
        byte[] compressed = new byte[256];
        Arrays.fill(compressed, (byte) 0x78);
        out.writeBytes(compressed);
        return Base64.getEncoder().encodeToString(out.toByteArray());
    }

    private Hostile badlyEncoded() {
        byte[] body = WireJson.bytes(good.get());
        return switch (random.nextInt(5)) {
            case 0 -> new Hostile(Buffer.buffer(body), "gzip");
            case 1 -> new Hostile(Buffer.buffer(Arrays.copyOf(gzip(body), 40)), "gzip");
            case 2 -> new Hostile(Buffer.buffer(gzip(gzip(body))), "gzip");
            case 3 -> new Hostile(Buffer.buffer(body), pick(List.of("br", "deflate", "gzip, gzip", "zstd", pick(SQL))));
            default -> new Hostile(Buffer.buffer(gzip(body)), null);
        };
    }

    private Buffer bomb() {
        byte filling = pick(List.of((byte) 0, (byte) '[', (byte) ' '));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] block = new byte[1024 * 1024];
        Arrays.fill(block, filling);
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            for (int i = 0; i < 60; i++) {
                gzip.write(block);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return Buffer.buffer(out.toByteArray());
    }

    private Buffer large(int size) {
        byte[] body = new byte[size];
        Arrays.fill(body, (byte) ' ');
        byte[] json = WireJson.bytes(good.get());
        System.arraycopy(json, 0, body, 0, json.length);
        return Buffer.buffer(body);
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private String randomId() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private <T> T pick(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private static ObjectNode tree(Report report) {
        return ConfigJson.object(WireJson.bytes(report));
    }

    private static JsonNode text(String text) {
        return ConfigJson.MAPPER.getNodeFactory().textNode(text);
    }

    private static JsonNode number(String number) {
        return ConfigJson.MAPPER.getNodeFactory().numberNode(new BigInteger(number));
    }

    private static ObjectNode with(ObjectNode report, String pointer, JsonNode value) {
        JsonNode parent = report.at(pointer.substring(0, pointer.lastIndexOf('/')));
        String name = name(pointer);
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(name), value);
        } else if (parent instanceof ObjectNode object) {
            object.set(name, value);
        }
        return report;
    }

    private static ObjectNode parent(ObjectNode report, String pointer) {
        return (ObjectNode) report.at(pointer.substring(0, pointer.lastIndexOf('/')));
    }

    private static String name(String pointer) {
        return pointer.substring(pointer.lastIndexOf('/') + 1);
    }

    private static Buffer bytes(ObjectNode report) {
        return Buffer.buffer(report.toString());
    }
}
