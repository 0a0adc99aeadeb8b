package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One target of three dies under load. */
final class DyingTargetTest {
    private static final int READERS = 8;
    private static final int WRITERS = 4;
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi";

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger read = new AtomicInteger();
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicInteger readsFailed = new AtomicInteger();
    private final AtomicInteger writesFailed = new AtomicInteger();

    /** With checks and without: then the runtime passes over what does not listen, or its retries would not last. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'healthchecks':{'passive':{'unhealthy':{'tcp_failures':3}}}}",
                "{}",
                "{'algorithm':'least-connections'}",
            })
    void readersSeeNothingAndOfWritersThoseAtMostThatWereAtIt(String declared) throws InterruptedException {
        RawUpstream dying = RawUpstream.answering(RawUpstream.OK);
        try (RawUpstream second = RawUpstream.answering(RawUpstream.OK);
                RawUpstream third = RawUpstream.answering(RawUpstream.OK);
                TestGateway gateway = new TestGateway()) {
            Balanced balanced = new Balanced(gateway, declared);
            List.of(dying, second, third).forEach(upstream -> balanced.target(upstream.port()));
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < READERS + WRITERS; i++) {
                boolean reads = i < READERS;
                Thread client = new Thread(() -> load(gateway, reads));
                clients.add(client);
                client.start();
            }
            TestGateway.await(
                    "all three work",
                    () -> dying.requests().size() > 100 && third.requests().size() > 100);
            dying.close();
            int readBefore = read.get();
            int writtenBefore = written.get();
            TestGateway.await(
                    "the others go on", () -> read.get() > readBefore + 2_000 && written.get() > writtenBefore + 1_000);
            stop.set(true);
            for (Thread client : clients) {
                client.join();
            }

            assertThat(readsFailed).hasValue(0);
            assertThat(writesFailed.get()).isLessThanOrEqualTo(WRITERS);
            assertThat(gateway.total()).isEqualTo(read.get() + written.get());
        }
    }

    private void load(TestGateway gateway, boolean reads) {
        try (RawClient client = gateway.client()) {
            while (!stop.get()) {
                int status = client.send(reads ? GET : POST).read().status();
                (reads ? read : written).incrementAndGet();
                if (status != 200) {
                    (reads ? readsFailed : writesFailed).incrementAndGet();
                }
            }
        }
    }
}
