package dev.sluice.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.net.Cidr;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.client.WebClient;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** For whom a proxy asks, as far as it is believed. */
class TrustedProxiesTest {
    private static Vertx vertx;
    private static WebClient client;
    private static int port;

    @BeforeAll
    static void serve() throws TimeoutException {
        vertx = Vertx.vertx();
        client = WebClient.create(vertx);
        Router router = Router.router(vertx);
        router.get("/").handler(web -> {
            List<Cidr> networks = Stream.of(web.request().getParam("trusted").split(";", -1))
                    .filter(network -> !network.isEmpty())
                    .map(Cidr::parse)
                    .toList();
            new TrustedProxies(networks).begin(web);
            web.end(TrustedProxies.client(web) + (TrustedProxies.isSecure(web) ? " secure" : ""));
        });
        port = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
                .actualPort();
    }

    @AfterAll
    static void stop() throws TimeoutException {
        await(vertx.close());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // trusted             | X-Forwarded-For                   | proto | client
                "                      | 198.51.100.7                      |       | 127.0.0.1",
                "10.0.0.0/8            | 198.51.100.7                      | https | 127.0.0.1",
                "127.0.0.1             |                                   |       | 127.0.0.1",
                "127.0.0.1             | 198.51.100.7                      |       | 198.51.100.7",
                "127.0.0.1             | 198.51.100.7                      | https | 198.51.100.7 secure",
                "127.0.0.1             | 2001:db8::1                       | http  | 2001:db8::1",
                "127.0.0.1             | 203.0.113.1, 198.51.100.7         |       | 198.51.100.7",
                "127.0.0.1;10.0.0.0/8  | 203.0.113.1, 198.51.100.7,10.1.1.1|       | 198.51.100.7",
                "127.0.0.1;10.0.0.0/8  | 10.2.2.2, 10.1.1.1                |       | 10.2.2.2",
                "127.0.0.1;10.0.0.0/8  | forged, 10.1.1.1                  |       | 10.1.1.1",
                "127.0.0.1             | dead.beef                         |       | 127.0.0.1",
                "127.0.0.1             | 198.51.100.7, unknown             |       | 127.0.0.1"
            })
    void theClientIsTheLastAddressThatNoTrustedProxyHas(String trusted, String chain, String proto, String expected)
            throws TimeoutException {
        var request = client.get(port, "127.0.0.1", "/").addQueryParam("trusted", trusted == null ? "" : trusted);
        if (chain != null) {
            request.putHeader("X-Forwarded-For", chain);
        }
        if (proto != null) {
            request.putHeader("X-Forwarded-Proto", proto);
        }

        assertThat(await(request.send()).bodyAsString()).isEqualTo(expected);
    }

    private static <T> T await(Future<T> future) throws TimeoutException {
        return future.await(20, TimeUnit.SECONDS);
    }
}
