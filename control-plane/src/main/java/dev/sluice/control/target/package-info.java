/**
 * Targets: the addresses of upstreams, with their weights and with what operators say of their health. Requests come in
 * from the REST frame; entities go to the write path.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.target;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
