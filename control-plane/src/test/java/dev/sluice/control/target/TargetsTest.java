package dev.sluice.control.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.ApiClient;
import dev.sluice.control.ApiClient.Reply;
import dev.sluice.control.RunningControlPlane;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {
    private static final AtomicInteger COUNT = new AtomicInteger();

    @RegisterExtension
    static final RunningControlPlane controlPlane = new RunningControlPlane(TargetsTest::addresses);

    private final ApiClient api = controlPlane.client();
    private final String upstream = "t" + COUNT.incrementAndGet() + ".upstream";
    private final String targets = "/v1/upstreams/" + upstream + "/targets";

    @BeforeEach
    void declare() {
        api.post("/v1/upstreams", "{'name': '" + upstream + "'}").expect(201);
    }

    private static InetAddress[] addresses(String name) throws UnknownHostException {
        if (name.equals("metadata.test")) {
            return new InetAddress[] {InetAddress.getByName("169.254.169.254")};
        }
        throw new UnknownHostException(name);
    }

    @Test
    void aTargetIsKeptInOneFormAndFoundInEach() {
        Reply created = api.post(targets, "{'target': 'Backend.test'}").expect(201);
        assertThat(created.text("/target")).isEqualTo("backend.test:8000");
        assertThat(created.body().at("/weight").asInt()).isEqualTo(100);
        assertThat(created.text("/upstream/name")).isEqualTo(upstream);
        assertThat(created.text("/runtime_group")).isEqualTo("default");
        assertThat(api.get(targets + "/backend.test:8000").expect(200).body()).isEqualTo(created.body());
        assertThat(api.get(targets + "/backend.test").expect(200).body()).isEqualTo(created.body());
        assertThat(api.get(targets + "/" + created.text("/id")).expect(200).body())
                .isEqualTo(created.body());
        assertThat(api.post(targets, "{'target': 'backend.test:8000'}")
                        .expect(409)
                        .text("/detail"))
                .isEqualTo("Upstream " + upstream + " has a target 'backend.test:8000' already. Change that one, or"
                        + " take another address.");
    }

    @Test
    void aTargetOfOneUpstreamIsNoneOfAnother() {
        api.post(targets, "{'target': '127.0.0.1:1'}").expect(201);
        Reply first = api.get(targets + "/127.0.0.1:1").expect(200);
        api.post("/v1/upstreams", "{'name': 'other-" + upstream + "'}").expect(201);
        String others = "/v1/upstreams/other-" + upstream + "/targets";
        api.post(others, "{'target': '127.0.0.1:1', 'weight': 7}").expect(201);
        assertThat(api.get(others + "/127.0.0.1:1")
                        .expect(200)
                        .body()
                        .at("/weight")
                        .asInt())
                .isEqualTo(7);
        api.get(others + "/" + first.text("/id")).expect(404);
        assertThat(api.get(targets).expect(200).body().path("data")).hasSize(1);
    }

    @Test
    void aTargetIsReplacedChangedAndDeleted() {
        Reply made = api.put(targets + "/127.0.0.1:2", "{'weight': 5}").expect(201);
        assertThat(made.text("/target")).isEqualTo("127.0.0.1:2");
        assertThat(api.patch(targets + "/127.0.0.1:2", "{'weight': 0}")
                        .expect(200)
                        .body()
                        .at("/weight")
                        .asInt())
                .isZero();
        assertThat(api.put(targets + "/127.0.0.1:2", "{}")
                        .expect(200)
                        .body()
                        .at("/weight")
                        .asInt())
                .isEqualTo(100);
        assertThat(api.put(targets + "/127.0.0.1:3", "{'target': '127.0.0.1:4'}")
                        .expect(422)
                        .errors())
                .singleElement()
                .asString()
                .startsWith("target: Is not '127.0.0.1:3', as the path says");
        assertThat(api.delete(targets + "/127.0.0.1:2", "If-Match", made.header("ETag"))
                        .status())
                .isEqualTo(412);
        api.delete(targets + "/127.0.0.1:2").expect(204);
        api.get(targets + "/127.0.0.1:2").expect(404);
    }

    @Test
    void anOperatorsWordIsKeptOverChanges() {
        api.post(targets, "{'target': '127.0.0.1:5'}").expect(201);
        Reply out = api.put(targets + "/127.0.0.1:5/unhealthy", null).expect(200);
        assertThat(out.body().at("/unhealthy").asBoolean()).isTrue();
        assertThat(out.text("/health_set_at")).isNotEmpty();
        assertThat(api.patch(targets + "/127.0.0.1:5", "{'weight': 1}")
                        .expect(200)
                        .body()
                        .at("/unhealthy")
                        .asBoolean())
                .isTrue();
        Reply back = api.put(targets + "/127.0.0.1:5/healthy", null).expect(200);
        assertThat(back.body().at("/unhealthy").asBoolean()).isFalse();
        assertThat(back.body().at("/weight").asInt()).isEqualTo(1);
        assertThat(back.body().at("/revision").asLong())
                .isGreaterThan(out.body().at("/revision").asLong());
    }

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254:80", "metadata.test:80", "[::ffff:169.254.169.254]:80", "0xa9fea9fe:80"})
    void noTargetIsInADeniedNetwork(String target) {
        assertThat(api.post(targets, "{'target': '" + target + "'}").expect(422).errors())
                .singleElement()
                .asString()
                .startsWith("target: '")
                .contains("169.254.169.254, in the denied network 169.254.0.0/16");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b:80", "host:0", "host:70000", "::1:80", "[::1", "http://a:80", "a:80:90"})
    void whatIsNoAddressIsRefused(String target) {
        assertThat(api.post(targets, "{'target': '" + target + "'}").expect(422).errors())
                .singleElement()
                .asString()
                .startsWith("target: Must be ");
    }
}
