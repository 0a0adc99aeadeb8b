/**
 * The control plane as runtimes see it. In flow heads (from the write path, from notifications, from the database) and
 * runtimes' requests; out flow announcements, snapshots and acknowledged reports. The directory of runtimes is written
 * by reports and read by the REST API and by writes that wait for the fleet.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.publish;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
