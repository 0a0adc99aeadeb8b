package dev.sluice.runtime.request;

import dev.sluice.model.routing.PathNormalizer;
import dev.sluice.model.routing.RequestView;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The router's view of a request. */
final class ServedRequest implements RequestView {
    private final HttpServerRequest request;
    private final RequestTarget target;
    private final @Nullable String sni;
    private final String path;

    ServedRequest(HttpServerRequest request, RequestTarget target, @Nullable String sni) {
        this.request = request;
        this.target = target;
        this.sni = sni;
        this.path = PathNormalizer.normalize(target.path());
    }

    @Override
    public String method() {
        return request.method().name();
    }

    @Override
    public boolean tls() {
        return request.isSSL();
    }

    @Override
    public @Nullable String host() {
        return target.host();
    }

    @Override
    public int port() {
        return target.port();
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public @Nullable String sni() {
        return sni;
    }

    @Override
    public List<String> headerValues(String name) {
        return request.headers().getAll(name);
    }
}
