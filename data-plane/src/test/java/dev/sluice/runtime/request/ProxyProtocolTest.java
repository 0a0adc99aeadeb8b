package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.net.Cidr;
import dev.sluice.runtime.Limits;
import dev.sluice.runtime.MadeCertificate;
import dev.sluice.runtime.ProxyProtocol;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections that begin with who the client is (HAProxy's PROXY protocol, versions 1 and 2). */
final class ProxyProtocolTest {
    private static final List<Cidr> LOOPBACK = List.of(Cidr.parse("127.0.0.0/8"));
    private static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    private static final String GET =
            "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4\r\nX-Real-IP: 1.2.3.4\r\n\r\n";

    private static byte[] version2(int command, int family, byte[] addresses) {
        return ByteBuffer.allocate(16 + addresses.length)
                .put(SIGNATURE)
                .put((byte) (0x20 | command))
                .put((byte) family)
                .putShort((short) addresses.length)
                .put(addresses)
                .array();
    }

    private static byte[] tcp4(int client, int to) {
        return ByteBuffer.allocate(12)
                .put(new byte[] {(byte) 203, 0, 113, (byte) client})
                .put(new byte[] {(byte) 198, 51, 100, 1})
                .putShort((short) 40000)
                .putShort((short) to)
                .array();
    }

    private static byte[] withGet(byte[] header) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(header);
        all.writeBytes(GET.getBytes(StandardCharsets.US_ASCII));
        return all.toByteArray();
    }

    @Test
    void theClientIsWhoTheProxySays() {
        String version1 = "PROXY TCP4 203.0.113.7 198.51.100.1 40000 8080\r\n";
        byte[] six = ByteBuffer.allocate(36)
                .put(new byte[] {0x20, 0x01, 0x0d, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7})
                .put(new byte[16])
                .putShort((short) 40000)
                .putShort((short) 8080)
                .array();
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway(Limits.DEFAULT, LOOPBACK)) {
            gateway.serve(upstream.port(), "{'paths':['/']}");
            List<byte[]> sent = List.of(
                    withGet(version1.getBytes(StandardCharsets.US_ASCII)),
                    withGet(version2(1, 0x11, tcp4(7, 8080))),
                    withGet(version2(1, 0x21, six)));
            for (byte[] octets : sent) {
                for (boolean slowly : List.of(false, true)) {
                    try (RawClient client = gateway.client()) {
                        send(client, octets, slowly);
                        assertThat(client.read().status()).isEqualTo(200);
                        assertThat(client.get("/").status()).isEqualTo(200); // and no second header
                    }
                }
            }

            assertThat(upstream.requests()).hasSize(12);
            for (int i = 0; i < 12; i++) {
                RawUpstream.Request request = upstream.requests().get(i);
                String client = i < 8 ? "203.0.113.7" : "2001:db8:0:0:0:0:0:7";
                String before = i % 2 == 0 ? "1.2.3.4, " : "";
                assertThat(request.header("x-forwarded-for")).isEqualTo(before + client);
                assertThat(request.header("x-real-ip")).isEqualTo(client); // the client is trusted with nothing
                assertThat(request.header("x-forwarded-port")).isEqualTo("8080");
            }
        }
    }

    private static void send(RawClient client, byte[] octets, boolean slowly) {
        if (!slowly) {
            client.send(octets);
            return;
        }
        for (byte octet : octets) {
            client.send(new byte[] {octet});
        }
    }

    @Test
    void aProxyMaySpeakForItself() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway(Limits.DEFAULT, LOOPBACK)) {
            gateway.serve(upstream.port(), "{'paths':['/']}");
            byte[] unknown = "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);
            for (byte[] header : List.of(unknown, version2(0, 0, new byte[0]))) {
                try (RawClient client = gateway.client()) {
                    assertThat(client.send(withGet(header)).read().status()).isEqualTo(200);
                }
            }
            assertThat(upstream.requests()).allSatisfy(request -> assertThat(request.header("x-forwarded-for"))
                    .endsWith("127.0.0.1"));
        }
    }

    @Test
    void whatIsNoHeaderEndsTheConnection() {
        byte[] wrongVersion = version2(1, 0x11, tcp4(7, 80));
        wrongVersion[12] = 0x31;
        List<byte[]> wrong = List.of(
                GET.getBytes(StandardCharsets.US_ASCII),
                "PROXY\r\n".getBytes(StandardCharsets.US_ASCII),
                "PROXY TCP4 203.0.113.7 198.51.100.1 40000\r\n".getBytes(StandardCharsets.US_ASCII),
                "PROXY TCP4 203.0.113.777 198.51.100.1 40000 80\r\n".getBytes(StandardCharsets.US_ASCII),
                "PROXY TCP4 2001:db8::7 198.51.100.1 40000 80\r\n".getBytes(StandardCharsets.US_ASCII),
                "PROXY TCP4 203.0.113.7 198.51.100.1 70000 80\r\n".getBytes(StandardCharsets.US_ASCII),
                ("PROXY TCP4 " + "1".repeat(200)).getBytes(StandardCharsets.US_ASCII),
                "proxy TCP4 203.0.113.7 198.51.100.1 40000 80\r\n".getBytes(StandardCharsets.US_ASCII),
                wrongVersion,
                version2(1, 0x11, new byte[4]),
                version2(1, 0x12, tcp4(7, 80)));
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway(Limits.DEFAULT, LOOPBACK)) {
            gateway.serve(upstream.port(), "{'paths':['/']}");
            for (byte[] header : wrong) {
                try (RawClient client = gateway.client()) {
                    client.send(withGet(header));
                    assertThat(client.isClosedByPeer())
                            .as(new String(header, StandardCharsets.ISO_8859_1))
                            .isTrue();
                }
            }
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void ambiguousRequestsAreRefusedBehindAHeaderToo() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway(Limits.DEFAULT, LOOPBACK);
                RawClient client = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            client.send("PROXY TCP4 203.0.113.7 198.51.100.1 40000 80\r\nGET  / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(400);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void theHeaderComesBeforeTheHandshakeOfTls() throws IOException {
        byte[] version1 = "PROXY TCP4 203.0.113.7 198.51.100.1 40000 443\r\n".getBytes(StandardCharsets.US_ASCII);
        try (TlsGateway gateway = overTls()) {
            for (byte[] header : List.of(version1, version2(1, 0x11, tcp4(7, 443)))) {
                for (List<byte[]> pieces : List.of(List.of(header), octets(header))) {
                    try (RawClient client = overTls(gateway, pieces)) {
                        for (int i = 0; i < 2; i++) {
                            assertThat(client.send(GET).read().text())
                                    .contains("x-forwarded-for: 1.2.3.4, 203.0.113.7\n")
                                    .contains("x-real-ip: 203.0.113.7\n")
                                    .contains("x-forwarded-proto: https\n")
                                    .contains("x-forwarded-port: 443\n");
                        }
                        // Behind both, what is ambiguous is refused as anywhere else.
                        RawResponse refused = client.send("GET  / HTTP/1.1\r\nHost: a\r\n\r\n")
                                .read();
                        assertThat(refused.status()).isEqualTo(400);
                        assertThat(client.isClosedByPeer()).isTrue();
                    }
                }
            }
        }
    }

    @Test
    void aHeaderWithinTlsIsNone() throws IOException {
        byte[] header = version2(1, 0x11, tcp4(7, 443));
        try (TlsGateway gateway = overTls()) {
            assertThatThrownBy(() -> overTls(gateway, List.of())).isInstanceOf(IOException.class);
            try (RawClient client = overTls(gateway, List.of(header))) {
                assertThat(client.send(withGet(header)).read().status()).isEqualTo(400);
                assertThat(client.isClosedByPeer()).isTrue();
            }
        }
    }

    @Test
    void itMayBeForThePortOfTlsAlone() throws IOException {
        try (TlsGateway gateway = overTls(new TestGateway(Limits.DEFAULT, LOOPBACK, ProxyProtocol.TLS));
                RawClient secure = overTls(gateway, List.of(version2(1, 0x11, tcp4(7, 443))));
                RawClient plain = gateway.gateway().client()) {
            assertThat(secure.send(GET).read().text()).contains("x-real-ip: 203.0.113.7\n");
            assertThat(plain.get("/").status()).isEqualTo(426);
            assertThatThrownBy(() -> overTls(gateway, List.of())).isInstanceOf(IOException.class);
        }
    }

    private static TlsGateway overTls() {
        return overTls(new TestGateway(Limits.DEFAULT, LOOPBACK));
    }

    private static TlsGateway overTls(TestGateway behindProxy) {
        TlsGateway gateway = new TlsGateway(behindProxy);
        gateway.route("{'paths':['/'],'protocols':['https']}");
        gateway.sni("*", gateway.certificate(MadeCertificate.leaf("any", "EC P-256", null)));
        gateway.swap();
        return gateway;
    }

    private static RawClient overTls(TlsGateway gateway, List<byte[]> before) throws IOException {
        return new RawClient(TlsClient.connect(gateway.port(), TlsClient.context(), "a", before));
    }

    private static List<byte[]> octets(byte[] header) {
        List<byte[]> octets = new ArrayList<>();
        for (byte octet : header) {
            octets.add(new byte[] {octet});
        }
        return octets;
    }

    @Test
    void whoeverIsNotTrustedIsNotHeard() {
        try (TestGateway gateway = new TestGateway(Limits.DEFAULT, List.of(Cidr.parse("192.0.2.0/24")));
                RawClient client = gateway.client()) {
            assertThat(client.isClosedByPeer()).isTrue();
            assertThat(gateway.connectionsRefused("untrusted_proxy")).isEqualTo(1);
        }
    }

    @Test
    void connectionsAreCountedForTheClientsBehindTheProxy() {
        try (RawUpstream upstream = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway(Limits.of("SLUICE_MAX_CONNECTIONS_PER_ADDRESS", "1"), LOOPBACK);
                RawClient seven = gateway.client();
                RawClient eight = gateway.client();
                RawClient sevenAgain = gateway.client()) {
            gateway.serve(upstream.port(), "{'paths':['/']}");

            assertThat(seven.send(withGet(version2(1, 0x11, tcp4(7, 80))))
                            .read()
                            .status())
                    .isEqualTo(200);
            assertThat(eight.send(withGet(version2(1, 0x11, tcp4(8, 80))))
                            .read()
                            .status())
                    .isEqualTo(200);
            sevenAgain.send(withGet(version2(1, 0x11, tcp4(7, 80))));

            assertThat(sevenAgain.isClosedByPeer()).isTrue();
            assertThat(gateway.connectionsRefused("too_many_from_address")).isEqualTo(1);
            assertThat(upstream.requests()).hasSize(2);
        }
    }
}
