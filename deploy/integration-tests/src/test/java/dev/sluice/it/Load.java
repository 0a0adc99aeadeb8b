package dev.sluice.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Clients that each send one request after the other over connections that they keep, until they are told to stop. The
 * requests are POSTs, which this client never sends twice by itself.
 */
final class Load implements AutoCloseable {
    private final Supplier<URI> target;
    private final BiFunction<URI, HttpResponse<String>, String> check;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicLong sent = new AtomicLong();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();

    private Load(Supplier<URI> target, BiFunction<URI, HttpResponse<String>, String> check) {
        this.target = target;
        this.check = check;
    }

    /**
     * @param target where the next request goes
     * @param check what is wrong with an answer; empty for nothing
     */
    static Load start(int clients, Supplier<URI> target, BiFunction<URI, HttpResponse<String>, String> check) {
        Load load = new Load(target, check);
        for (int i = 0; i < clients; i++) {
            Thread client = new Thread(load::run, "client-" + (i + 1));
            load.clients.add(client);
            client.start();
        }
        return load;
    }

    /** Requests whose answer came and was right. */
    long answered() {
        return sent.get() - faults.size();
    }

    /** What went wrong, a line each. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    @Override
    public void close() {
        finish();
    }

    /** Lets every client finish the request that it is at, and starts no more. */
    void finish() {
        stop.set(true);
        for (Thread client : clients) {
            try {
                client.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted", e);
            }
        }
    }

    private void run() {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
        while (!stop.get()) {
            URI uri = target.get();
            sent.incrementAndGet();
            try {
                HttpResponse<String> response = http.send(
                        HttpRequest.newBuilder(uri)
                                .timeout(Duration.ofSeconds(20))
                                .POST(HttpRequest.BodyPublishers.ofString("load"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                String fault = check.apply(uri, response);
                if (!fault.isEmpty()) {
                    faults.add(uri + " -> " + fault);
                }
            } catch (IOException e) {
                faults.add(uri + " -> " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
