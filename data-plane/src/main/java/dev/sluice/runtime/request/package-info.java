/**
 * A client's request as one straight line of named phases: guard → match → take (of a body that may be held) →
 * attempt* → relay (or tunnel) → record.
 * Connections come in over the listeners, snapshots are read once for each request, attempts go out through {@code
 * upstream}, and every request ends in exactly one record. The entry point listens, stops accepting and finishes
 * through {@link dev.sluice.runtime.request.ProxyServer}.
 *
 * <p>vertx-http-proxy sends upstream what comes over HTTP/1. What it would do with the answer is done here instead, because it
 * cannot be mended from outside: it cannot read every header section (an Expires that is no date, a max-age beyond its
 * range), writes dates that are no HTTP dates on the first nine days of a month, buffers whole answers for HTTP/1.0
 * clients, drops trailers and keeps hop-by-hop headers. WebSocket it would relay without back-pressure, and lose a
 * connection for the pool with each refused upgrade. Its cache is never used.
 *
 * <p>Three things Vert.x does not do either: closing listening sockets alone, cutting a connection at once, and keeping
 * what an upstream sent before it closed until a slow client has taken it; and one it does too kindly, reading HTTP/1.
 * For these, {@code ProxyTransport}, {@code Sockets} and {@code UpstreamSocket} reach down to Netty, by the transport
 * interface that Vert.x offers for it, and let connections in by {@code guard}.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.runtime.request;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
