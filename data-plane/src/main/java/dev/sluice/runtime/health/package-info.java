/**
 * Active health checks: one runner for the whole runtime asks the targets of the upstreams that are served, and tells
 * what it finds to their {@link dev.sluice.runtime.balance.PeerState}.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.runtime.health;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
