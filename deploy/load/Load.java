import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that each send one request after the other to an echo behind a gateway, until standard input ends: {@code java
 * Load.java URL CLIENTS REQUESTS_PER_SECOND}. Requests are POSTs, which this client never sends twice by itself; every
 * twentieth takes half a second, so that whatever stops has requests in flight. Prints {@code sent=N failed=M} at the
 * end, and what went wrong on standard error.
 */
public final class Load {
    private static final int SLOW_EVERY = 20;
    private static final int MOST_FAULTS_SHOWN = 20;

    private final URI target;
    private final long pauseMillis;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    private Load(URI target, long pauseMillis) {
        this.target = target;
        this.pauseMillis = pauseMillis;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int clients = Integer.parseInt(arguments[1]);
        Load load = new Load(URI.create(arguments[0]), 1000L * clients / Integer.parseInt(arguments[2]));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            threads.add(new Thread(load::run, "client-" + i));
        }
        threads.forEach(Thread::start);
        while (System.in.read() >= 0) {
            // Whatever it is, it is not the end.
        }
        load.stop.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println("sent=" + load.sent + " failed=" + load.failed);
    }

    private void run() {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        while (!stop.get()) {
            long number = sent.incrementAndGet();
            boolean slow = number % SLOW_EVERY == 0;
            String mark = "request-" + number;
            String fault = send(http, target + (slow ? "/delay/500" : "/request"), slow ? "" : mark, mark);
            if (!fault.isEmpty() && failed.incrementAndGet() <= MOST_FAULTS_SHOWN) {
                System.err.println(mark + ": " + fault);
            }
            try {
                Thread.sleep(pauseMillis);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** What is wrong with the answer; empty for nothing. */
    private static String send(HttpClient http, String uri, String want, String body) {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create(uri))
                            .timeout(Duration.ofSeconds(60))
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                return "status " + response.statusCode() + ", " + response.body().strip();
            }
            return response.body().contains(want) ? "" : "somebody else's answer: " + response.body();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            return "interrupted";
        }
    }
}
