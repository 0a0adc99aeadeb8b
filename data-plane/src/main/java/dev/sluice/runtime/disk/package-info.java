/**
 * The runtime's own directory: locked for one process, with its id, and files that are either whole or absent.
 * Snapshots and unreported counts are kept in it by those who own them; all of it is blocking and belongs on worker
 * threads, or in the start of the process.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.runtime.disk;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
