/**
 * Where configuration belongs: a version of a service, in a runtime group. Paths of requests come in, rows that exist
 * (and, for writes, stay locked until the transaction ends) go out. The APIs of all aggregates below services ask here.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.owner;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
