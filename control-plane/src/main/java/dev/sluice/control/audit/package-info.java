/**
 * The audit trail: one row for each write and each login, also for those that failed or were refused. In flow callers
 * and what they changed, from the transactions that change it, and refusals from the REST frame; out flow rows, to
 * administrators. Rows are never changed.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.audit;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
