/**
 * Secrets at rest. What must not be read from the database alone is sealed under SLUICE_SECRET_KEY; a group's content
 * keys, sealed so themselves, seal what travels in its snapshots. In flow keys from the settings, out flow keys that
 * others seal with; at the start everything that a former key sealed is sealed anew.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.seal;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
