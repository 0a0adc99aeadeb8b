package dev.sluice.runtime.health;

import dev.sluice.model.config.HealthCheckType;
import dev.sluice.model.config.HealthChecks.Active;
import dev.sluice.model.config.TargetAddress;
import dev.sluice.runtime.balance.CompiledUpstream;
import dev.sluice.runtime.balance.PeerState.Outcome;
import dev.sluice.runtime.failure.Diagnosis;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.upstream.Destination;
import dev.sluice.runtime.upstream.UpstreamTls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One check of one address, over a connection of its own. Only the header section of an answer is waited for, and no
 * redirect is followed.
 */
final class Probe {
    private static final int MOST_HEADER_BYTES = 16 * 1024;
    private static final int MOST_AT_ONE = 64;

    private static final ClientSSLOptions AS_THE_PLATFORM_DOES =
            new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS");

    private final HttpClientAgent http;
    private final HttpClientAgent grpc;
    private final NetClient plain;

    Probe(Vertx vertx) {
        this.http = client(vertx, options());
        this.grpc = client(vertx, GrpcCheck.options(options()));
        this.plain = vertx.createNetClient();
    }

    /** As many connections to one address as upstreams may have it. */
    private static HttpClientAgent client(Vertx vertx, HttpClientOptions options) {
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(MOST_AT_ONE).setHttp2MaxSize(MOST_AT_ONE);
        return vertx.httpClientBuilder().with(options).with(pool).build();
    }

    private static HttpClientOptions options() {
        return new HttpClientOptions().setKeepAlive(false).setMaxRedirects(0).setMaxHeaderSize(MOST_HEADER_BYTES);
    }

    /**
     * @param address that was checked, of the target with this index
     * @return never fails; null where the answer says neither that it is well nor that it is not
     */
    Future<@Nullable Outcome> ask(CompiledUpstream upstream, int target, InetAddress address) {
        Active active = upstream.checks().active();
        long millis = Math.max(1, (long) (active.timeout() * 1000));
        SocketAddress server = SocketAddress.inetSocketAddress(
                new InetSocketAddress(address, upstream.address(target).port()));
        return active.type() == HealthCheckType.TCP
                ? connect(server, millis)
                : request(upstream, target, server, millis);
    }

    private Future<@Nullable Outcome> connect(SocketAddress server, long millis) {
        Future<@Nullable Outcome> connected = plain.connect(server).compose(socket -> {
            return socket.close().transform(closed -> Future.succeededFuture(Outcome.SUCCESS));
        });
        return connected.timeout(millis, TimeUnit.MILLISECONDS).otherwise(Probe::failure);
    }

    private Future<@Nullable Outcome> request(
            CompiledUpstream upstream, int target, SocketAddress server, long millis) {
        Active active = upstream.checks().active();
        boolean tls = active.type().tls();
        TargetAddress named = upstream.address(target);
        RequestOptions options = new RequestOptions()
                .setServer(server)
                .setHost(tls ? serverName(upstream, named) : named.host())
                .setPort(named.port())
                .setSsl(tls)
                .setMethod(active.type().grpc() ? HttpMethod.POST : HttpMethod.GET)
                .setURI(active.type().grpc() ? GrpcCheck.PATH : active.httpPath())
                .setConnectTimeout(millis)
                .setFollowRedirects(false);
        if (tls) {
            UpstreamTls settings = upstream.checksTls();
            options.setSslOptions(settings == null ? AS_THE_PLATFORM_DOES : settings.options());
        }
        Future<HttpClientRequest> taken = (active.type().grpc() ? grpc : http).request(options);
        Future<@Nullable Outcome> asked =
                taken.compose(request -> send(upstream, authority(upstream, named, tls), request));
        return asked.timeout(millis, TimeUnit.MILLISECONDS)
                .otherwise(Probe::failure)
                .onComplete(
                        done -> taken.onSuccess(request -> request.connection().close()));
    }

    /** What SNI and the target's certificate are about: as with requests, unless the checks say otherwise. */
    private static String serverName(CompiledUpstream upstream, TargetAddress named) {
        String sni = upstream.checks().active().httpsSni();
        String header = upstream.upstream().hostHeader();
        if (sni != null) {
            return sni;
        }
        return header == null ? named.host() : TargetAddress.parse(header).host();
    }

    private static Future<@Nullable Outcome> send(
            CompiledUpstream upstream, String authority, HttpClientRequest request) {
        Active active = upstream.checks().active();
        request.putHeader(HttpHeaders.USER_AGENT, "sluice-health-check");
        active.headers().forEach(request::putHeader);
        if (active.type().grpc()) {
            request.authority(
                    HostAndPort.parseAuthority(authority, active.type().tls() ? 443 : 80));
            return GrpcCheck.send(request).map(serves -> serves ? Outcome.SUCCESS : Outcome.HTTP_FAILURE);
        }
        request.putHeader(HttpHeaders.HOST, authority);
        return request.send().map(response -> {
            response.pause();
            if (active.healthy().httpStatuses().contains(response.statusCode())) {
                return Outcome.SUCCESS;
            }
            return active.unhealthy().httpStatuses().contains(response.statusCode()) ? Outcome.HTTP_FAILURE : null;
        });
    }

    private static String authority(CompiledUpstream upstream, TargetAddress named, boolean tls) {
        String header = upstream.upstream().hostHeader();
        return header == null ? Destination.authority(named.host(), named.port(), tls ? 443 : 80) : header;
    }

    private static Outcome failure(Throwable thrown) {
        return thrown instanceof TimeoutException || Diagnosis.ofConnecting(thrown) == Failure.CONNECT_TIMEOUT
                ? Outcome.TIMEOUT
                : Outcome.TCP_FAILURE;
    }
}
