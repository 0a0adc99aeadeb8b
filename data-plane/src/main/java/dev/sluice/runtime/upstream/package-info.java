/**
 * Connections to upstreams: an implementation goes in, a request on a pooled connection comes out. Each event loop has
 * its own, so that a request never changes threads; the attempts call here. All of them share the names: what hosts
 * resolve to, and which of those addresses may be called.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.runtime.upstream;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
