package dev.sluice.runtime.request;

import org.jspecify.annotations.Nullable;

/**
 * What a request is for, as the guard found it.
 *
 * @param path as sent, not normalised; begins with a slash
 * @param query as sent with its question mark, empty when there is none
 * @param host without its port, as sent; null when an HTTP/1.0 client named none
 * @param port -1 when there is none
 * @param authority host and port as sent
 */
record RequestTarget(
        String path,
        String query,
        @Nullable String host,
        int port,
        @Nullable String authority) {}
