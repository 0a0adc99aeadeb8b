/**
 * All that crosses from one process to another besides snapshots: the announcement on the event bus, and the report
 * that a runtime sends with its answer. Readers ignore fields that they do not know, so that planes of neighbouring
 * releases understand each other; golden files hold each record's form.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.model.wire;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
