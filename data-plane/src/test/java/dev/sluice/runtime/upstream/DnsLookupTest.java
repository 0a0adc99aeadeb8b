package dev.sluice.runtime.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.resolver.DefaultHostsFileEntriesResolver;
import io.netty.resolver.HostsFileEntriesResolver;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names have several addresses, for as long as DNS says (RFC 1035 3.2.1). */
final class DnsLookupTest {
    private static final int A = 1;
    private static final int QUESTION = 12;
    private static final int NXDOMAIN = 3;
    private static final int SERVFAIL = 2;

    /** A platform that knows no more. */
    private static Lookup.Found unknown(String host) throws UnknownHostException {
        throw new UnknownHostException(host);
    }

    /** A name server with IPv4 addresses of {@code name -> "ttl address"}; whatever else is asked for has none. */
    private static final class NameServer implements AutoCloseable {
        private final Map<String, List<String>> records = new ConcurrentHashMap<>();
        private final DatagramSocket socket;
        private volatile int unknown = NXDOMAIN;

        NameServer() throws IOException {
            socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Thread thread = new Thread(this::serve, "name-server");
            thread.setDaemon(true);
            thread.start();
        }

        DnsLookup lookup() {
            return lookup(DefaultHostsFileEntriesResolver::new);
        }

        DnsLookup lookup(Supplier<HostsFileEntriesResolver> hosts) {
            return lookup(socket, hosts, Duration.ofSeconds(2));
        }

        static DnsLookup lookup(DatagramSocket socket, Supplier<HostsFileEntriesResolver> hosts, Duration patience) {
            DnsServerAddressStreamProvider only = new SingletonDnsServerAddressStreamProvider(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()));
            return new DnsLookup(() -> only, hosts, DnsLookupTest::unknown, patience);
        }

        private void serve() {
            byte[] bytes = new byte[512];
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
                    socket.receive(packet);
                    byte[] answer = answer(bytes);
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (SocketException closed) {
                // the test is over
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private byte[] answer(byte[] packet) throws UnknownHostException {
            ByteBuffer asked = ByteBuffer.wrap(packet);
            StringBuilder name = new StringBuilder();
            int at = QUESTION;
            for (int length = asked.get(at); length > 0; length = asked.get(at)) {
                name.append(new String(packet, at + 1, length, StandardCharsets.US_ASCII))
                        .append('.');
                at += 1 + length;
            }
            int end = at + 5; // the root, type and class
            List<String> known =
                    asked.getShort(at + 1) == A ? records.getOrDefault(name.toString(), List.of()) : List.of();
            int code = records.containsKey(name.toString()) ? 0 : unknown;
            ByteBuffer answer = ByteBuffer.allocate(512);
            answer.putShort(asked.getShort(0)).putShort((short) (0x8180 | code));
            answer.putShort((short) 1).putShort((short) known.size()).putInt(0);
            answer.put(packet, QUESTION, end - QUESTION);
            for (String record : known) {
                String[] parts = record.split(" ", 2);
                answer.putShort((short) 0xc00c).putShort((short) A).putShort((short) 1);
                answer.putInt(Integer.parseInt(parts[0])).putShort((short) 4);
                answer.put(InetAddress.getByName(parts[1]).getAddress());
            }
            byte[] made = new byte[answer.position()];
            answer.flip().get(made);
            return made;
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    @Test
    void allAddressesAreFoundWithTheShortestTimeToLive() throws IOException {
        try (NameServer server = new NameServer()) {
            server.records.put("pool.example.", List.of("60 192.0.2.1", "7 192.0.2.2"));

            Lookup.Found found = server.lookup().find("pool.example");

            assertThat(found.addresses())
                    .extracting(InetAddress::getHostAddress)
                    .containsExactlyInAnyOrder("192.0.2.1", "192.0.2.2");
            assertThat(found.kept()).isEqualTo(Duration.ofSeconds(7));
        }
    }

    @Test
    void eachLookupAsksAnew() throws IOException {
        try (NameServer server = new NameServer()) {
            DnsLookup lookup = server.lookup();
            server.records.put("pool.example.", List.of("3600 192.0.2.1"));
            assertThat(lookup.find("pool.example").addresses()).hasSize(1);
            server.records.put("pool.example.", List.of("5 192.0.2.7"));

            assertThat(lookup.find("pool.example").addresses())
                    .extracting(InetAddress::getHostAddress)
                    .containsExactly("192.0.2.7");
        }
    }

    @Test
    void theHostsFileComesFirstAndHasNoTimeToLive() throws IOException {
        try (NameServer server = new NameServer()) {
            Lookup.Found found = server.lookup().find("localhost");

            assertThat(found.addresses()).isNotEmpty().allMatch(InetAddress::isLoopbackAddress);
            assertThat(found.kept()).isEqualTo(Names.KEPT);
        }
    }

    @Test
    void aNameThatNobodyKnowsIsUnknown() throws IOException {
        try (NameServer server = new NameServer()) {
            assertThatThrownBy(() -> server.lookup().find("nobody.invalid"))
                    .isExactlyInstanceOf(UnknownHostException.class);
        }
    }

    @Test
    void aNameWithoutAddressHasNone() throws IOException {
        try (NameServer server = new NameServer()) {
            server.records.put("mail.example.", List.of());
            assertThatThrownBy(() -> server.lookup().find("mail.example"))
                    .isExactlyInstanceOf(UnknownHostException.class);
        }
    }

    @Test
    void aServerThatCannotTellIsNoAnswer() throws IOException {
        try (NameServer server = new NameServer()) {
            server.unknown = SERVFAIL;
            assertThatThrownBy(() -> server.lookup().find("pool.example")).isInstanceOf(Lookup.Unanswered.class);
        }
    }

    @Test
    void silenceIsNoAnswer() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            DnsLookup lookup = NameServer.lookup(silent, DefaultHostsFileEntriesResolver::new, Duration.ofMillis(20));
            assertThatThrownBy(() -> lookup.find("pool.example")).isInstanceOf(Lookup.Unanswered.class);
        }
    }

    @Test
    void theHostsFileIsReadForEachLookup() throws IOException {
        Map<String, InetAddress> file = new ConcurrentHashMap<>();
        try (NameServer server = new NameServer()) {
            DnsLookup lookup = server.lookup(() -> {
                Map<String, InetAddress> read = Map.copyOf(file);
                return (host, types) -> read.get(host);
            });
            server.records.put("pool.example.", List.of("60 192.0.2.1"));
            assertThat(lookup.find("pool.example").addresses())
                    .extracting(InetAddress::getHostAddress)
                    .containsExactly("192.0.2.1");
            file.put("pool.example", InetAddress.getByName("192.0.2.2"));
            assertThat(lookup.find("pool.example").addresses())
                    .extracting(InetAddress::getHostAddress)
                    .containsExactly("192.0.2.2");
        }
    }

    @Test
    void whereNoServerIsConfiguredThePlatformAloneIsAsked() throws IOException {
        Lookup.Found known = new Lookup.Found(List.of(InetAddress.getByName("192.0.2.3")), Names.KEPT);
        DnsLookup lookup = new DnsLookup(
                () -> null,
                DefaultHostsFileEntriesResolver::new,
                host -> {
                    if (host.equals("inner.example")) {
                        return known;
                    }
                    throw new UnknownHostException(host);
                },
                Duration.ofSeconds(2));
        assertThat(lookup.find("inner.example")).isSameAs(known);
        assertThatThrownBy(() -> lookup.find("other.example")).isInstanceOf(Lookup.Unanswered.class);
    }

    @Test
    void aFileThatNamesNoServerIsNotReplacedByPublicServers(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("resolv.conf");
        assertThat(DnsLookup.configured(file.toString())).as("no file").isNull();
        Files.writeString(file, "search example\noptions ndots:2\n");
        assertThat(DnsLookup.configured(file.toString())).as("no server").isNull();
        Files.writeString(file, "search example\nnameserver 192.0.2.53\n");
        DnsServerAddressStreamProvider servers = Objects.requireNonNull(DnsLookup.configured(file.toString()));
        assertThat(servers.nameServerAddressStream("a.example").next())
                .isEqualTo(new InetSocketAddress("192.0.2.53", 53));
    }
}
