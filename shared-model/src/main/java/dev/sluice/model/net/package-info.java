/**
 * IP addresses and networks, and which of them nobody may be sent to. Hosts as operators write them and addresses as
 * resolvers return them go in, {@link dev.sluice.model.net.Denial}s come out. The control plane asks when an
 * implementation is written, runtimes at each resolution; whose resolver that is, is their own business: nothing here
 * looks a name up.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.model.net;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
