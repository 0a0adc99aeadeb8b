package dev.sluice.runtime.request;

import dev.sluice.model.config.Implementation;
import dev.sluice.model.routing.RouteMatch;
import dev.sluice.model.routing.SchemeCheck;
import dev.sluice.model.routing.UpstreamPlan;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.failure.RequestFailed;
import dev.sluice.runtime.snapshot.CompiledSnapshot;
import io.vertx.core.http.HttpVersion;

/** The match phase: reads the snapshot once, and finds the route and the implementation that it leads to. */
final class Matching {
    private Matching() {}

    /**
     * Finds where the request goes; the exchange knows its route afterwards, also when that refuses the request.
     *
     * @throws RequestFailed when it goes nowhere
     */
    static Implementation match(Exchange exchange) {
        CompiledSnapshot snapshot = exchange.loop().snapshots().current();
        if (snapshot == null) {
            throw new RequestFailed(Failure.NOT_READY);
        }
        String sni = exchange.connection().sni();
        if (snapshot.certificates().misdirects(sni, exchange.target().host())) {
            throw new RequestFailed(Failure.MISDIRECTED);
        }
        RouteMatch match = snapshot.routes().match(new ServedRequest(exchange.request(), exchange.target(), sni));
        if (match == null) {
            throw new RequestFailed(Failure.NO_ROUTE);
        }
        exchange.match(match);
        if (match.target().schemeCheck(exchange.clientSpeaksTls()) != SchemeCheck.SERVE) {
            throw new RequestFailed(Failure.HTTPS_REQUIRED);
        }
        if (match.target().grpc()) {
            if (exchange.request().version() != HttpVersion.HTTP_2) {
                throw new RequestFailed(Failure.HTTP2_REQUIRED);
            }
            if (!Grpc.spokenBy(exchange.request())) {
                throw new RequestFailed(Failure.NOT_GRPC);
            }
        }
        Implementation implementation = match.target().implementation();
        if (implementation == null) {
            throw new RequestFailed(Failure.NO_IMPLEMENTATION);
        }
        UpstreamPlan upstream = match.target().upstream();
        exchange.upstream(
                upstream == null
                        ? null
                        : snapshot.upstreams().get(upstream.upstream().id()));
        exchange.upstreamTls(snapshot.upstreamTls().get(implementation.id()));
        return implementation;
    }
}
