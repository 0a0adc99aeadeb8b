package dev.sluice.runtime.request;

import dev.sluice.model.config.Implementation;
import dev.sluice.runtime.failure.Diagnosis;
import dev.sluice.runtime.failure.Failure;
import dev.sluice.runtime.failure.RequestFailed;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The straight line of phases that every request of an event loop goes along:
 *
 * <pre>
 *   guard → match → take → attempt* → relay or tunnel → record
 *     └───────┴───────┴───────┴──→ gateway's answer ──────┘
 * </pre>
 */
final class RequestLine {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLine.class);

    private final Loop loop;

    RequestLine(Loop loop) {
        this.loop = loop;
    }

    void serve(HttpServerRequest request, ClientConnection connection) {
        if (connection.refused()) {
            return;
        }
        if (connection.ending()) {
            return; // sent ahead of the answer that said so
        }
        Exchange exchange = new Exchange(loop, connection, request);
        try {
            exchange.target(Guard.check(request, loop.settings().limits()));
            Implementation implementation = Matching.match(exchange);
            new Attempts(exchange, implementation)
                    .run()
                    .onSuccess(answered -> relay(exchange, answered))
                    .onFailure(thrown -> refuse(exchange, thrown));
        } catch (RuntimeException e) {
            refuse(exchange, e);
        }
    }

    /** A request that the parser could not make sense of. */
    void refuseInvalid(HttpServerRequest request, ClientConnection connection) {
        Exchange exchange = new Exchange(loop, connection, request);
        Failure failure = Diagnosis.ofParsing(request.decoderResult().cause());
        GatewayAnswer.sendAndLinger(exchange, failure);
    }

    private static void relay(Exchange exchange, Attempts.Answered answered) {
        try {
            if (answered.response().statusCode() == 101) {
                new Tunnel(exchange, answered).begin();
            } else {
                new Relay(exchange, answered).begin();
            }
        } catch (RuntimeException e) {
            refuse(exchange, e);
        }
    }

    private static void refuse(Exchange exchange, Throwable thrown) {
        if (thrown instanceof RequestFailed failed) {
            exchange.abort(failed.failure());
            return;
        }
        LOG.error("Request {} failed for a fault of the gateway", exchange.id(), thrown);
        exchange.abort(Failure.GATEWAY_ERROR);
    }
}
