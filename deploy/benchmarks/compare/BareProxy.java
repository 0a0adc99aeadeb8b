import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyOptions;

/**
 * vertx-http-proxy and nothing else, the measure of what a gateway on it adds or saves: {@code java BareProxy.java PORT
 * BACKEND_PORT}.
 */
public final class BareProxy {
    private BareProxy() {}

    public static void main(String[] arguments) {
        int port = Integer.parseInt(arguments[0]);
        int backend = Integer.parseInt(arguments[1]);
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        HttpProxy proxy = HttpProxy.reverseProxy(
                new ProxyOptions().setSupportWebSocket(false),
                vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(64)));
        proxy.origin(backend, "127.0.0.1");
        vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(port))
                .requestHandler(proxy)
                .listen()
                .onFailure(failure -> {
                    System.err.println(failure);
                    System.exit(1);
                });
    }
}
