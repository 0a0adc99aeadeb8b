/**
 * Runtime groups as people see them: named sets of runtimes that serve one configuration. In flow REST calls, out flow
 * rows; where a group's configuration stands comes from its head row.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.group;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
