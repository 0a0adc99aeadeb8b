package dev.sluice.runtime.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.routing.RouteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class ConfigurationChangeTest {
    @Test
    void eachRequestIsServedByATableThatWasCurrentWhileItRan() throws InterruptedException {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        Queue<Throwable> wrong = new ConcurrentLinkedQueue<>();
        try (RawUpstream upstream = new RawUpstream(connection -> {
                    for (var request = connection.request(); request != null; request = connection.request()) {
                        String path = request.path();
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
                    }
                });
                TestGateway gateway = new TestGateway()) {
            change(gateway, upstream.port(), 0);
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread client = new Thread(() -> ask(gateway, stop, begun, done, answered, wrong));
                client.start();
                clients.add(client);
            }

            for (int generation = 1; generation <= 300 || answered.get() < 1000; generation++) {
                begun.set(generation);
                change(gateway, upstream.port(), generation);
                done.set(generation);
                LockSupport.parkNanos(2_000_000);
                if (!wrong.isEmpty()) {
                    break;
                }
            }
            stop.set(true);
            for (Thread client : clients) {
                client.join(20_000);
            }

            assertThat(wrong).isEmpty();
            assertThat(gateway.total()).isEqualTo(answered.get());
        }
    }

    private static void change(TestGateway gateway, int port, int generation) {
        UUID version = UUID.randomUUID();
        gateway.swap(RouteTable.compile(
                List.of(Declared.implementation(version, port, "{'path':'/" + generation + "'}")),
                List.of(Declared.route(version, "{'paths':['/x']}"))));
    }

    private static void ask(
            TestGateway gateway,
            AtomicBoolean stop,
            AtomicInteger begun,
            AtomicInteger done,
            AtomicInteger answered,
            Queue<Throwable> wrong) {
        try (RawClient client = gateway.client()) {
            while (!stop.get()) {
                int oldest = done.get();
                RawResponse answer = client.get("/x");
                int newest = begun.get();
                answered.incrementAndGet();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(Integer.parseInt(answer.text().substring(1))).isBetween(oldest, newest);
            }
        } catch (RuntimeException | AssertionError e) {
            wrong.add(e);
        }
    }
}
