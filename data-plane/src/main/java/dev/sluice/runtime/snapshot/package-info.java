/**
 * The configuration that is served: a snapshot compiled into a route table, behind the one reference that requests
 * read. The control loop puts a new one in; requests in flight keep the one that they began with.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.runtime.snapshot;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
