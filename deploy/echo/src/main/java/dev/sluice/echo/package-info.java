/**
 * A small upstream to try a gateway with: what reaches it comes back as JSON, and it can be asked for any status code,
 * delay, stream, amount of bytes or WebSocket echo. Requests come in over HTTP/1.1 or cleartext HTTP/2; nothing is kept.
 * The quickstart and the integration tests start it as a process of its own.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.echo;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
