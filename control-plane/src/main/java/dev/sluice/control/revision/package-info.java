/**
 * The one write path and what it leaves behind. In flow staged changes of a group's entities; the candidate snapshot is
 * compiled as runtimes compile it, written in one transaction under the lock of the group's head row, and becomes the
 * next revision. Out flow heads (to the publisher), snapshots (to runtimes and explanations), history, differences and
 * restores (to the REST API). Every aggregate's API writes through {@link dev.sluice.control.revision.ConfigWriter}.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.revision;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
