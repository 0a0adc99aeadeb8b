/**
 * What clients were answered. In flow the counts of validated reports, added within the report's transaction; out flow
 * status records over REST and, live, as server-sent events. Also here: the partitions that all this lies in, and their
 * end. Called by {@code publish} (reports) and by the REST frame.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.status;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
