package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.RuntimeSettings.ObservedSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** W3C {@code traceparent} is carried on to the upstream, and started when tracing is on. */
class TraceTest {
    private static final String VALID = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static TlsGateway on;
    private static TlsGateway off;

    @BeforeAll
    static void start() {
        on = new TlsGateway(new ObservedSettings(null, true));
        off = new TlsGateway(ObservedSettings.OFF);
        on.route("{'paths':['/']}");
        on.swap();
        off.route("{'paths':['/']}");
        off.swap();
    }

    @AfterAll
    static void stop() {
        on.close();
        off.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                VALID,
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes-later"
            })
    void aValidTraceIsCarriedOnAsItCameWithItsState(String parent) {
        for (TlsGateway gateway : new TlsGateway[] {on, off}) {
            assertThat(gateway.gateway()
                            .get("/", "traceparent: " + parent, "tracestate: a=1,b=2")
                            .text())
                    .contains("traceparent: " + parent + "\n")
                    .contains("tracestate: a=1,b=2\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
                "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
                "00-0af7651916cd43dd8448eb211c80319-b7ad6b71692033311-01"
            })
    void anInvalidOneIsReplacedAndItsStateGoes(String parent) {
        String answer = on.gateway()
                .get("/", "traceparent: " + parent, "tracestate: a=1")
                .text();
        assertThat(answer)
                .containsPattern("(?m)^traceparent: 00-[0-9a-f]{32}-[0-9a-f]{16}-03$")
                .doesNotContain("tracestate");
        if (!parent.isEmpty()) {
            assertThat(answer).doesNotContain(parent + "\n");
        }
        assertThat(off.gateway()
                        .get("/", "traceparent: " + parent, "tracestate: a=1")
                        .text())
                .doesNotContain("traceparent")
                .doesNotContain("tracestate");
    }

    @Test
    void twoAreNone() {
        assertThat(off.gateway()
                        .get("/", "traceparent: " + VALID, "traceparent: " + VALID)
                        .text())
                .doesNotContain("traceparent");
    }

    @Test
    void aTraceIsBegunWhereTracingIsOnAndEachIsAnother() {
        String first = on.gateway().get("/").text();
        String second = on.gateway().get("/").text();
        assertThat(parent(first)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-03").isNotEqualTo(parent(second));
        assertThat(off.gateway().get("/").text()).doesNotContain("traceparent");
    }

    private static String parent(String answer) {
        return answer.lines()
                .filter(line -> line.startsWith("traceparent: "))
                .map(line -> line.substring("traceparent: ".length()))
                .findFirst()
                .orElseThrow();
    }
}
