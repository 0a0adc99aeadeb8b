package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.runtime.MadeCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * All cases of h2spec (RFC 9113 and RFC 7541, strict ones too) against the gateway, with a real upstream behind the route that
 * they call.
 */
final class H2SpecTest {
    private static final String ARCHIVE = "h2spec/2.2.0/h2spec_linux_amd64.tar.gz";
    private static final int CASES = 146;

    /** What does not pass, and why. */
    private static final Map<String, String> KNOWN_MISSES = Map.of(
            "http2/5.1 half closed (remote): Sends a HEADERS frame",
            "Netty ends the connection as it should, but gives PROTOCOL_ERROR for a reason instead of STREAM_CLOSED",
            "http2/5.1 closed: Sends a HEADERS frame",
            "Netty forgets streams once they are closed, and resets the stream with STREAM_CLOSED where the connection"
                    + " should end",
            "http2/5.1.1 Sends stream identifier that is numerically smaller than previous",
            "as before: Netty cannot tell a stream that was closed from one that was passed over");

    @TempDir
    private static Path directory;

    private static Path program;

    @BeforeAll
    static void unpack() throws IOException, InterruptedException {
        boolean suits = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
        assumeTrue(suits, "h2spec is there for Linux on x86-64 alone");
        Path archive = directory.resolve("h2spec.tar.gz");
        try (InputStream in = H2SpecTest.class.getClassLoader().getResourceAsStream(ARCHIVE)) {
            assertThat(in).as(ARCHIVE + " on the class path").isNotNull();
            Files.copy(in, archive, StandardCopyOption.REPLACE_EXISTING);
        }
        Process tar = new ProcessBuilder("tar", "xzf", archive.toString(), "-C", directory.toString()).start();
        assertThat(tar.waitFor()).isZero();
        try (var files = Files.walk(directory)) {
            program = files.filter(file -> Files.isRegularFile(file)
                            && file.getFileName().toString().startsWith("h2spec")
                            && !file.equals(archive))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void everyCasePassesInTheClear() throws Exception {
        try (RawUpstream upstream = upstream();
                TestGateway gateway = new TestGateway()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            everyCasePasses(gateway, gateway.port());
        }
    }

    @Test
    void everyCasePassesByTls() throws Exception {
        try (RawUpstream upstream = upstream();
                TlsGateway gateway = new TlsGateway()) {
            gateway.route(upstream.port(), "{'paths':['/']}");
            gateway.sni("*", gateway.certificate(MadeCertificate.leaf("any", "EC P-256", null)));
            gateway.swap();

            everyCasePasses(gateway.gateway(), gateway.port(), "-t", "-k");
        }
    }

    /** Not so fast that a stream has ended before the frame comes that is wrong on it. */
    private static RawUpstream upstream() {
        return new RawUpstream(connection -> {
            while (connection.request() != null) {
                LockSupport.parkNanos(20_000_000);
                connection.write(RawUpstream.OK);
            }
        });
    }

    private static void everyCasePasses(TestGateway gateway, int port, String... options) throws Exception {
        Map<String, String> failures = run(port, options);

        assertThat(failures.keySet()).as(failures.toString()).isEqualTo(KNOWN_MISSES.keySet());
        TestGateway.await("nothing in flight", () -> gateway.server().inFlight() == 0);
    }

    /** Names of the cases that fail, with what h2spec says of them. */
    private static Map<String, String> run(int port, String... options) throws Exception {
        Path report = directory.resolve("report.xml");
        Path log = directory.resolve("log.txt");
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-S",
                "-o",
                "2",
                "-j",
                report.toString()));
        command.addAll(List.of(options));
        Process h2spec = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = h2spec.waitFor(5, TimeUnit.MINUTES);
        h2spec.destroyForcibly();
        assertThat(ended).as(Files.readString(log)).isTrue();
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
        NodeList cases = document.getElementsByTagName("testcase");
        assertThat(cases.getLength()).isEqualTo(CASES);
        Map<String, String> failures = new TreeMap<>();
        for (int i = 0; i < cases.getLength(); i++) {
            Element element = (Element) cases.item(i);
            if (element.getElementsByTagName("failure").getLength() > 0
                    || element.getElementsByTagName("error").getLength() > 0) {
                failures.put(
                        element.getAttribute("package") + " " + element.getAttribute("classname"),
                        element.getTextContent().strip());
            }
        }
        return failures;
    }
}
