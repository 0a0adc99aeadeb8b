/**
 * Which target of an upstream gets the next attempt. What is declared comes in with the snapshot ({@link
 * dev.sluice.runtime.balance.CompiledUpstream}); what is observed ({@link dev.sluice.runtime.balance.PeerState}) is kept
 * for the whole runtime by upstream, target and address, so that it outlives every change of configuration. The attempt
 * phase asks the balancer of its event loop for a turn, and tells that turn how it went.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.runtime.balance;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
