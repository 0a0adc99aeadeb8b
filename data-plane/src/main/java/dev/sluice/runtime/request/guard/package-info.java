/**
 * The part of the guard phase that looks at bytes. Parsers forgive: they drop what they skip, and hide it from whoever
 * asks them afterwards. So what clients send over HTTP/1 is read here first, byte by byte and without mercy, and the
 * parser gets only what can be read in one way (RFC 9112). Each accepted connection gets one {@link
 * dev.sluice.runtime.request.guard.WireGuard} in front of Vert.x's own handlers; what it refuses comes out of the parser's
 * place as a request that could not be parsed. Beside the transport and the sockets it is the one place that touches the Netty
 * pipeline; so what Vert.x neither tells nor sends of HTTP is read and written here too.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.runtime.request.guard;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
