package dev.sluice.model.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigJsonTest {
    private static final UUID ID = new UUID(0, 1);
    private static final String IDENTITY =
            "'id':'" + ID + "','version_id':'" + ID + "','created_at':'2026-01-01T00:00:00.000001Z'";
    private static final String MINIMAL = "{" + IDENTITY + ",'protocol':'http','host':'mockbin.org','port':80}";

    @Test
    void anImplementationHasSixAdvancedFieldsWithDefaults() {
        Implementation implementation = implementation(MINIMAL);

        assertThat(implementation.retries()).isEqualTo(5);
        assertThat(implementation.connectTimeout()).isEqualTo(60_000);
        assertThat(implementation.writeTimeout()).isEqualTo(60_000);
        assertThat(implementation.readTimeout()).isEqualTo(60_000);
        assertThat(implementation.clientCertificate()).isNull();
        assertThat(implementation.tags()).isEmpty();
        assertThat(implementation.path()).isNull();
    }

    @Test
    void aRoutesDefaultsAreThoseOfKong() {
        Route route = route("{" + IDENTITY + "}");

        assertThat(route.protocols()).containsExactly(Protocol.HTTP, Protocol.HTTPS);
        assertThat(route.stripPath()).isTrue();
        assertThat(route.preserveHost()).isFalse();
        assertThat(route.regexPriority()).isZero();
        assertThat(route.pathHandling()).isEqualTo(PathHandling.V0);
        assertThat(route.pathMatch()).isEqualTo(PathMatch.PREFIX);
        assertThat(route.httpsRedirectStatusCode()).isEqualTo(426);
        assertThat(route.requestBuffering()).isTrue();
        assertThat(route.responseBuffering()).isTrue();
    }

    @Test
    void anUpstreamsChecksAreOffUntilTheyAreSetAndATargetWeighs100() {
        Upstream upstream = ConfigJson.read(
                Upstream.class, json("{'id':'" + ID + "','name':'a','created_at':'2026-01-01T00:00:00Z'}"));

        assertThat(upstream.algorithm()).isEqualTo(BalancingAlgorithm.ROUND_ROBIN);
        assertThat(upstream.hashOn()).isEqualTo(HashOn.NONE);
        assertThat(upstream.hashFallback()).isEqualTo(HashOn.NONE);
        assertThat(upstream.hostHeader()).isNull();
        assertThat(upstream.healthchecks().threshold()).isZero();
        assertThat(upstream.healthchecks().passive().unhealthy().on()).isFalse();
        assertThat(upstream.healthchecks().active().healthy().interval()).isZero();
        assertThat(upstream.healthchecks().active().unhealthy().interval()).isZero();
        assertThat(ConfigJson.read(
                                Target.class,
                                json("{'id':'" + ID + "','upstream_id':'" + ID
                                        + "','target':'a:1','created_at':'2026-01-01T00:00:00Z'}"))
                        .weight())
                .isEqualTo(100);
    }

    @Test
    void whatIsWrittenIsReadAgainAndEqualRecordsHaveEqualBytes() {
        Route route = route("{" + IDENTITY + ",'paths':['/é'],'headers':{'x-b':['1'],'X-A':['2','3']},'tags':['t']}");

        Route again = ConfigJson.read(Route.class, ConfigJson.bytes(route));

        assertThat(again).isEqualTo(route);
        assertThat(ConfigJson.bytes(again)).isEqualTo(ConfigJson.bytes(route));
        assertThat(new String(ConfigJson.bytes(route), StandardCharsets.UTF_8))
                .contains("\"created_at\":\"2026-01-01T00:00:00.000001Z\"")
                .contains("\"headers\":{\"X-A\":[\"2\",\"3\"],\"x-b\":[\"1\"]}")
                .doesNotContain("\n");
    }

    @Test
    void bytesHoldNoFieldThatIsNotDeclared() {
        ObjectNode written = ConfigJson.object(ConfigJson.bytes(implementation(MINIMAL)));

        assertThat(written.fieldNames())
                .toIterable()
                .containsExactly(
                        "ca_certificates",
                        "client_certificate",
                        "connect_timeout",
                        "created_at",
                        "host",
                        "id",
                        "path",
                        "port",
                        "protocol",
                        "read_timeout",
                        "request_timeout",
                        "retries",
                        "tags",
                        "tls_verify",
                        "tls_verify_depth",
                        "version_id",
                        "write_timeout");
    }

    @Test
    void fieldsOfALaterReleaseArePassedOver() {
        assertThat(implementation(MINIMAL.replace("}", ",'later':{'a':1}}"))).isEqualTo(implementation(MINIMAL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "version_id", "created_at", "protocol", "host", "port"})
    void aFieldWithoutDefaultMustBeThere(String field) {
        ObjectNode json = json(MINIMAL);
        json.remove(field);
        assertThatThrownBy(() -> ConfigJson.read(Implementation.class, json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(field);

        json.putNull(field);
        assertThatThrownBy(() -> ConfigJson.read(Implementation.class, json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'protocols':['ftp'] | protocols[0]",
                "'paths':'/a' | paths",
                "'paths':[null] | Route",
                "'tags':null | Route",
                "'strip_path':'maybe' | strip_path",
                "'strip_path':null | strip_path",
                "'regex_priority':1.5 | regex_priority",
                "'regex_priority':'1' | regex_priority",
                "'path_handling':0 | path_handling",
                "'headers':{'a':'b'} | headers.a",
            })
    void aValueOfAnotherTypeIsRefusedByTheFieldsName(String field, String named) {
        assertThatThrownBy(() -> route("{" + IDENTITY + "," + field + "}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Not a valid Route: ")
                .hasMessageContaining(named)
                .message()
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "{", "{} {}", "{\"a\":1,\"a\":2}"})
    void bytesThatAreNoJsonObjectAreRefused(String text) {
        assertThatThrownBy(() -> ConfigJson.object(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void recordsCannotBeChangedFromOutside() {
        Route route = route("{" + IDENTITY + ",'headers':{'a':['1']}}");

        assertThatThrownBy(() -> route.headers().put("b", List.of())).isInstanceOf(UnsupportedOperationException.class);
        assertThat(ConfigJson.defaultsOf(Route.class).put("strip_path", false))
                .isNotEqualTo(ConfigJson.defaultsOf(Route.class));
    }

    @ParameterizedTest
    @CsvSource({
        "http,  mockbin.org, 80,   ,   http://mockbin.org",
        "http,  mockbin.org, 8080, /s, http://mockbin.org:8080/s",
        "https, mockbin.org, 443,  /,  https://mockbin.org/",
        "https, ::1,         80,   ,   https://[::1]:80",
        "grpc,  a,           443,  ,   grpc://a:443",
    })
    void anImplementationsUrlLeavesOutWhatGoesWithoutSaying(
            String protocol, String host, int port, @Nullable String path, String url) {
        ObjectNode json =
                json(MINIMAL).put("protocol", protocol).put("host", host).put("port", port);

        assertThat(ConfigJson.read(Implementation.class, json.put("path", path)).url())
                .isEqualTo(url);
    }

    private static Implementation implementation(String text) {
        return ConfigJson.read(Implementation.class, json(text));
    }

    private static Route route(String text) {
        return ConfigJson.read(Route.class, json(text));
    }

    private static ObjectNode json(String text) {
        return ConfigJson.object(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
