package dev.sluice.control.implementation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No write leaves an implementation behind whose host is in a denied network. */
class DeniedAddressesTest {
    private static final Map<String, String[]> NAMES = new ConcurrentHashMap<>();
    private static final CountDownLatch SLOW_IS_ASKED = new CountDownLatch(1);
    private static final CountDownLatch SLOW_ANSWERS = new CountDownLatch(1);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static final String TOLD =
            " means 169.254.169.254, in the denied network 169.254.0.0/16 (link-local, cloud metadata);"
                    + " give another address.";

    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane(DeniedAddressesTest::addresses);

    private final ApiClient api = controlPlane.client();
    private String version = "";
    private String path = "";

    @BeforeAll
    static void declare() {
        controlPlane.client().post("/v1/services", "{'name': 's'}").expect(201);
    }

    @BeforeEach
    void newVersion() {
        version = "/v1/services/s/versions/v" + COUNT.incrementAndGet();
        path = version + "/implementation";
        api.put(version, "{}").expect(201);
    }

    private static InetAddress[] addresses(String name) throws UnknownHostException {
        if (name.equals("slow.test")) {
            SLOW_IS_ASKED.countDown();
            try {
                if (!SLOW_ANSWERS.await(30, TimeUnit.SECONDS)) {
                    throw new UnknownHostException(name);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        String[] numbers = NAMES.get(name);
        if (numbers == null) {
            throw new UnknownHostException(name);
        }
        InetAddress[] found = new InetAddress[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            found[i] = InetAddress.getByName(numbers[i]);
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "0xa9fea9fe",
                "[::ffff:a9fe:a9fe]",
                "[::ffff:169.254.169.254]",
                "[::a9fe:a9fe]",
                "[64:ff9b::a9fe:a9fe]",
                "[2002:a9fe:a9fe::1]",
                "[fe80::1]",
                "[fd00:ec2::254]",
                "100.100.100.200",
                "192.0.0.192",
                "0.0.0.0",
                "[::]",
                "224.0.0.1",
                "255.255.255.255"
            })
    void addressesInDeniedNetworksAreRefused(String host) {
        Reply refused = api.post(path, "{'url': 'http://" + host + "/latest'}").expect(422);
        assertThat(refused.errors())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("url: ")
                .contains("denied network");
        assertThat(refused.text("/errors/0/code")).isEqualTo("denied_network");
        api.get(path).expect(404);
    }

    @Test
    void anAddressInHexadecimalIsRefusedAsThatAddress() {
        assertThat(api.post(path, "{'host': '0xa9.0xfe.0xa9.0xfe'}").expect(422).errors())
                .containsExactly("host: '0xa9.0xfe.0xa9.0xfe'" + TOLD);
    }

    /** Refused one way or the other: as hosts, which they are not, or as the address that some would read. */
    @ParameterizedTest
    @ValueSource(strings = {"2852039166", "169.254.43518", "169.254.169.254.", "0251.0376.0251.0376", "0xa9.254.43518"})
    void oddWaysOfWritingOneAreRefusedToo(String host) {
        assertThat(api.post(path, "{'host': '" + host + "'}").expect(422).errors())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("host: ");
        api.post(path, "{'url': 'http://" + host + "'}").expect(422);
        api.get(path).expect(404);
    }

    @Test
    void createReplaceAndUpdateRefuseByTheFieldThatWasSent() {
        NAMES.put("metadata.test", new String[] {"169.254.169.254"});
        String told = "'metadata.test'" + TOLD;
        String byUrl = "{'url': 'http://metadata.test/x'}";
        String byHost = "{'host': 'metadata.test', 'port': 80}";

        assertThat(api.post(path, byUrl).expect(422).errors()).containsExactly("url: " + told);
        assertThat(api.post(path, byHost).expect(422).errors()).containsExactly("host: " + told);
        assertThat(api.put(path, byUrl).expect(422).errors()).containsExactly("url: " + told);
        assertThat(api.put(path, byHost).expect(422).errors()).containsExactly("host: " + told);
        api.post(path, "{'url': 'http://127.0.0.1'}").expect(201);
        assertThat(api.put(path, byUrl).expect(422).errors()).containsExactly("url: " + told);
        assertThat(api.patch(path, byUrl).expect(422).errors()).containsExactly("url: " + told);
        assertThat(api.patch(path, "{'host': 'metadata.test'}").expect(422).errors())
                .containsExactly("host: " + told);
        assertThat(api.get(path).expect(200).text("/url")).isEqualTo("http://127.0.0.1");
    }

    @Test
    void aRefusedImplementationLeavesNoRouteBehind() {
        api.post(path, "{'url': 'http://169.254.169.254', 'route': {'name': 'nested', 'paths': ['/n']}}")
                .expect(422);
        api.get("/v1/routes/nested").expect(404);
    }

    @Test
    void oneDeniedAddressOfSeveralIsEnough() {
        NAMES.put("mixed.test", new String[] {"10.0.0.1", "::1", "fe80::1"});
        assertThat(api.post(path, "{'url': 'http://mixed.test'}").expect(422).errors())
                .hasSize(1)
                .first()
                .asString()
                .contains("fe80::/10");
    }

    @Test
    void loopbackAndPrivateAddressesAndUnknownNamesAreAccepted() {
        NAMES.put("inside.test", new String[] {"10.0.0.1", "fd12::1"});
        api.post(path, "{'url': 'http://127.0.0.1:9000'}").expect(201);
        api.put(path, "{'url': 'http://[::1]'}").expect(200);
        api.put(path, "{'url': 'http://192.168.1.1'}").expect(200);
        api.put(path, "{'url': 'http://inside.test'}").expect(200);
        api.put(path, "{'url': 'http://known-only-to-runtimes.test'}").expect(200);
    }

    @Test
    void aVersionWhoseHostIsDeniedNowIsNotMoved() {
        NAMES.put("moving.test", new String[] {"10.0.0.1"});
        api.post("/v1/runtime-groups", "{'name': 'elsewhere'}").expect(201);
        String id = api.post(path, "{'url': 'http://moving.test'}").expect(201).text("/id");
        NAMES.put("moving.test", new String[] {"169.254.169.254"});

        assertThat(api.patch(version, "{'runtime_group': 'elsewhere'}")
                        .expect(422)
                        .errors())
                .containsExactly("implementations[" + id + "].host: 'moving.test'" + TOLD);

        assertThat(api.get(version).expect(200).text("/runtime_group")).isEqualTo("default");
        NAMES.put("moving.test", new String[] {"10.0.0.1"});
        api.patch(version, "{'runtime_group': 'elsewhere'}").expect(200);
    }

    @Test
    void aRevisionWhoseHostIsDeniedNowIsNotRestored() {
        NAMES.put("restored.test", new String[] {"10.0.0.1"});
        Reply created = api.post(path, "{'url': 'http://restored.test'}").expect(201);
        String restore = "/v1/runtime-groups/default/revisions/"
                + created.body().at("/revision").asLong() + "/restore";
        api.put(path, "{'url': 'http://127.0.0.1'}").expect(200);
        NAMES.put("restored.test", new String[] {"10.0.0.1", "169.254.169.254"});

        assertThat(api.send("POST", restore, null).expect(422).errors())
                .containsExactly("implementations[" + created.text("/id") + "].host: 'restored.test'" + TOLD);

        assertThat(api.get(path).expect(200).text("/url")).isEqualTo("http://127.0.0.1");
        NAMES.remove("restored.test");
        api.send("POST", restore, null).expect(200);
        assertThat(api.get(path).expect(200).text("/url")).isEqualTo("http://restored.test");
    }

    @Test
    void whileANameIsLookedUpOthersWrite() throws Exception {
        NAMES.put("slow.test", new String[] {"169.254.169.254"});
        String other = "/v1/services/s/versions/other";
        api.put(other, "{}").expect(201);
        ExecutorService background = Executors.newSingleThreadExecutor();
        try {
            Future<Reply> slow = background.submit(() -> api.post(path, "{'url': 'http://slow.test'}"));
            assertThat(SLOW_IS_ASKED.await(30, TimeUnit.SECONDS)).isTrue();

            api.post(other + "/implementation", "{'url': 'http://127.0.0.1'}").expect(201);
            api.put(other + "/implementation", "{'url': 'http://127.0.0.1:81'}").expect(200);

            // Within the time that a lookup is waited for, it decides; else the name counts as unknown.
            SLOW_ANSWERS.countDown();
            assertThat(slow.get(30, TimeUnit.SECONDS).status()).isIn(422, 201);
        } finally {
            background.shutdownNow();
        }
    }
}
