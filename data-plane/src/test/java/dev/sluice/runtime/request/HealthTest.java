package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.balance.TargetHealth;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Targets go out and come back by checks, by trials, and by an operator's word. */
final class HealthTest {
    private static final String PASSIVE = "'passive':{'unhealthy':{'http_failures':2,'tcp_failures':2,'timeouts':2}}";

    /** Answers 200 or, while it is ill, 500; what checks ask counts by itself. */
    private static final class Patient implements AutoCloseable {
        final AtomicBoolean ill = new AtomicBoolean();
        final AtomicInteger checks = new AtomicInteger();
        final AtomicInteger served = new AtomicInteger();
        final RawUpstream upstream = new RawUpstream(connection -> {
            for (RawUpstream.Request request = connection.request(); request != null; request = connection.request()) {
                (request.path().equals("/health") ? checks : served).incrementAndGet();
                connection.write(ill.get() ? "HTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\nill" : RawUpstream.OK);
            }
        });

        @Override
        public void close() {
            upstream.close();
        }
    }

    @Test
    void passiveChecksTakeOutAndOneTrialBringsBack() {
        try (Patient patient = new Patient();
                Patient other = new Patient();
                TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(gateway, "{'healthchecks':{" + PASSIVE + "}}");
            balanced.target(patient.upstream.port());
            balanced.target(other.upstream.port());
            patient.ill.set(true);
            TestGateway.await("it is taken out", () -> {
                int before = patient.served.get();
                for (int i = 0; i < 6; i++) {
                    gateway.get("/");
                }
                return patient.served.get() == before;
            });
            assertThat(patient.served.get()).isBetween(2, 4);

            TestGateway.await("a trial fails", () -> gateway.get("/").status() == 500);
            patient.ill.set(false);
            int before = patient.served.get();
            TestGateway.await("it is back", () -> {
                gateway.get("/");
                return patient.served.get() > before + 3;
            });
        }
    }

    @Test
    void whatOneRuntimeTookOutAnotherCallsOn() {
        try (Patient patient = new Patient();
                Patient other = new Patient();
                TestGateway one = new TestGateway();
                TestGateway another = new TestGateway()) {
            UUID id = UUID.randomUUID();
            for (TestGateway gateway : List.of(one, another)) {
                Balanced balanced = new Balanced(gateway, "{'healthchecks':{" + PASSIVE + "}}");
                balanced.target(id, "127.0.0.1:" + patient.upstream.port(), "{}");
                balanced.target(other.upstream.port());
            }
            patient.ill.set(true);
            TestGateway.await("it is taken out", () -> {
                one.get("/");
                return one.server().unhealthyTargets().containsKey(id);
            });

            assertThat(another.server().unhealthyTargets()).isEmpty();
            int before = patient.served.get();
            try (RawClient client = another.client()) { // one event loop, and its turns
                client.get("/");
                client.get("/");
            }
            assertThat(patient.served.get()).isEqualTo(before + 1);
        }
    }

    @Test
    void anActiveCheckBringsBackWhatPassiveChecksTookOut() {
        try (Patient patient = new Patient();
                TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(
                    gateway,
                    "{'healthchecks':{" + PASSIVE + ",'active':{'http_path':'/health',"
                            + "'healthy':{'successes':1},'unhealthy':{'interval':0.05}}}}");
            UUID id = balanced.target(patient.upstream.port());
            patient.ill.set(true);
            TestGateway.await("it is taken out", () -> gateway.get("/").status() == 503);
            assertThat(gateway.server().unhealthyTargets()).containsKey(id);
            patient.ill.set(false);
            int before = patient.served.get();

            TestGateway.await(
                    "it is back", () -> gateway.server().unhealthyTargets().isEmpty());
            assertThat(patient.served.get()).as("no request was a trial").isEqualTo(before);
            assertThat(gateway.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void oneTrialBringsBackThoughNoRequestMayBeRepeated() {
        try (Patient patient = new Patient();
                Patient other = new Patient();
                TestGateway gateway = new TestGateway()) {
            Balanced balanced =
                    new Balanced(gateway, "{'healthchecks':{" + PASSIVE + "}}", "{'retries':0}", "{'paths':['/']}");
            balanced.target(patient.upstream.port());
            balanced.target(other.upstream.port());
            patient.ill.set(true);
            TestGateway.await("it is taken out", () -> {
                gateway.get("/");
                return patient.served.get() >= 2;
            });
            patient.ill.set(false);
            int before = patient.served.get();
            TestGateway.await("it is back", () -> {
                gateway.get("/");
                return patient.served.get() > before + 3;
            });
        }
    }

    @Test
    void activeChecksTakeOutAndBringBackWithoutAnyRequest() {
        try (Patient patient = new Patient();
                TestGateway gateway = new ControlledNames().gateway()) {
            Balanced balanced = new Balanced(
                    gateway,
                    "{'healthchecks':{'active':{'http_path':'/health','headers':{'X-Check':['1']},"
                            + "'healthy':{'interval':0.06,'successes':2},"
                            + "'unhealthy':{'interval':0.06,'http_failures':2}}}}");
            UUID id = balanced.target(patient.upstream.port());
            UUID unknown = balanced.target("unknown.invalid:80", "{}");
            assertThat(gateway.get("/").status()).isEqualTo(200);

            patient.ill.set(true);
            TestGateway.await("it is out", () -> gateway.get("/").status() == 503);
            TestGateway.await(
                    "it is told", () -> gateway.server().unhealthyTargets().size() == 2);
            assertThat(gateway.server().unhealthyTargets())
                    .isEqualTo(Map.of(id, TargetHealth.UNHEALTHY, unknown, TargetHealth.DNS_ERROR));
            patient.ill.set(false);
            TestGateway.await("it is back", () -> gateway.get("/").status() == 200);
            assertThat(patient.upstream.requests())
                    .filteredOn(request -> request.path().equals("/health"))
                    .allSatisfy(request -> {
                        assertThat(request.header("x-check")).isEqualTo("1");
                        assertThat(request.header("host")).isEqualTo("127.0.0.1:" + patient.upstream.port());
                    });
        }
    }

    @Test
    void activeChecksByTcpSeeWhatDoesNotListen() throws IOException {
        int closed = UpstreamFailureTest.closedPort();
        try (TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(
                    gateway,
                    "{'healthchecks':{'active':{'type':'tcp','healthy':{'interval':0.05,'successes':1},"
                            + "'unhealthy':{'interval':0.05,'tcp_failures':1}}}}",
                    "{'retries':0}",
                    "{'paths':['/']}");
            balanced.target(closed);
            TestGateway.await("it is out", () -> gateway.get("/").status() == 503);

            try (RawUpstream opened = RawUpstream.answering(InetAddress.getLoopbackAddress(), closed, RawUpstream.OK)) {
                TestGateway.await("it is back", () -> gateway.get("/").status() == 200);
                assertThat(opened.requests()).isNotEmpty();
            }
        }
    }

    @Test
    void activeChecksEndWithTheConfiguration() {
        try (Patient patient = new Patient();
                TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(
                    gateway, "{'healthchecks':{'active':{'http_path':'/health','healthy':{'interval':0.05}}}}");
            UUID target = balanced.target(patient.upstream.port());
            TestGateway.await("it is checked", () -> patient.checks.get() > 2);
            gateway.forget(target);
            gateway.swap();
            Patient last = new Patient();
            balanced.target(last.upstream.port());
            TestGateway.await("the new one is checked", () -> last.checks.get() > 0);
            int before = patient.checks.get();
            int later = last.checks.get();
            TestGateway.await("the new one alone", () -> last.checks.get() > later + 3);
            assertThat(patient.checks.get()).isLessThanOrEqualTo(before + 1);
            last.close();
        }
    }

    @Test
    void whatWasObservedOutlivesAChangeOfConfigurationAndEndsWithAnOperatorsWord() {
        try (Patient patient = new Patient();
                Patient other = new Patient();
                TestGateway gateway = new TestGateway()) {
            String checks = "{'healthchecks':{" + PASSIVE
                    + ",'active':{'http_path':'/health','healthy':{'successes':1},'unhealthy':{'interval':600}}}}";
            Balanced balanced = new Balanced(gateway, checks);
            UUID id = balanced.target(patient.upstream.port());
            balanced.target(other.upstream.port());
            patient.ill.set(true);
            TestGateway.await("it is taken out", () -> {
                gateway.get("/");
                return patient.served.get() >= 2;
            });
            patient.ill.set(false);
            int before = patient.served.get();
            balanced.upstream(checks.replace("{'healthchecks'", "{'slots':100,'healthchecks'"));
            balanced.target(id, "127.0.0.1:" + patient.upstream.port(), "{'weight':200}");
            for (int i = 0; i < 8; i++) {
                assertThat(gateway.get("/").status()).isEqualTo(200);
            }
            assertThat(patient.served.get()).isEqualTo(before);

            balanced.target(id, "127.0.0.1:" + patient.upstream.port(), "{'health_set_at':'2026-01-02T00:00:00Z'}");
            TestGateway.await("it is back", () -> {
                gateway.get("/");
                return patient.served.get() > before;
            });
        }
    }

    @Test
    void whatAnOperatorTookOutIsNotCalled() {
        try (Patient patient = new Patient();
                TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(gateway, "{}");
            UUID id = balanced.target(patient.upstream.port());
            assertThat(gateway.get("/").status()).isEqualTo(200);
            assertThat(gateway.server().unhealthyTargets()).isEmpty();
            balanced.target(id, "127.0.0.1:" + patient.upstream.port(), "{'unhealthy':true}");
            assertThat(gateway.get("/").status()).isEqualTo(503);
            assertThat(gateway.server().unhealthyTargets()).isEqualTo(Map.of(id, TargetHealth.UNHEALTHY));
        }
    }

    @Test
    void belowTheThresholdTheUpstreamIsNotCalled() {
        try (Patient patient = new Patient();
                Patient other = new Patient();
                TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(gateway, "{'healthchecks':{'threshold':50}}");
            UUID first = balanced.target(patient.upstream.port());
            balanced.target(other.upstream.port());
            balanced.target(first, "127.0.0.1:" + patient.upstream.port(), "{'unhealthy':true}");
            assertThat(gateway.get("/").status()).isEqualTo(200);
            balanced.upstream("{'healthchecks':{'threshold':51}}");
            RawResponse refused = gateway.get("/");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.text()).contains("failure to get a peer");
        }
    }

    @Test
    void aTargetWithAsManyRequestsAsItMayHaveIsPassedOverAndThen503IsAnsweredAtOnce() {
        CountDownLatch hold = new CountDownLatch(1);
        try (RawUpstream one = waiting(hold);
                RawUpstream other = waiting(hold);
                TestGateway gateway = new TestGateway();
                RawClient first = gateway.client();
                RawClient second = gateway.client()) {
            Balanced balanced = new Balanced(gateway, "{'max_requests':1}");
            balanced.target(one.port());
            balanced.target(other.port());
            first.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            second.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            TestGateway.await(
                    "both are busy",
                    () -> one.requests().size() == 1 && other.requests().size() == 1);

            RawResponse refused = gateway.get("/");

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).isEqualTo("1");
            assertThat(gateway.requestsFailed("OVERLOAD")).isEqualTo(1);
            hold.countDown();
            assertThat(first.read().status()).isEqualTo(200);
            assertThat(second.read().status()).isEqualTo(200);
            assertThat(gateway.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void requestsThatWaitForAConnectionAreLimitedToo() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FilledBacklog filled = new FilledBacklog(socket);
                TestGateway gateway = new TestGateway();
                RawClient waiting = gateway.client()) {
            Balanced balanced = new Balanced(gateway, "{'max_pending_requests':1}");
            balanced.target(filled.port());
            waiting.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            TestGateway.await("it waits", () -> gateway.gauge("sluice.attempts.active") == 1);

            assertThat(gateway.get("/").status()).isEqualTo(503);
            assertThat(gateway.requestsFailed("OVERLOAD")).isEqualTo(1);
        }
    }

    private static RawUpstream waiting(CountDownLatch hold) {
        return new RawUpstream(connection -> {
            while (connection.request() != null) {
                hold.await();
                connection.write(RawUpstream.OK);
            }
        });
    }
}
