/**
 * A client's request as one straight line of named phases: guard → match → attempt* → relay → record. Connections come
 * in over the listeners, snapshots are read once for each request, attempts go out through {@code upstream}, and every
 * request ends in exactly one record. The entry point listens, stops accepting and finishes through {@link
 * dev.sluice.runtime.request.ProxyServer}.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.runtime.request;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
