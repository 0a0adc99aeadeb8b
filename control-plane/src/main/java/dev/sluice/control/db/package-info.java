/**
 * The way to PostgreSQL: schema migrations at start, a pool whose transactions fail in the words of {@code
 * dev.sluice.control.failure}, and notifications that go on after a lost connection. Stores of every aggregate call it;
 * it knows tables by the names of their constraints alone.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.db;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
