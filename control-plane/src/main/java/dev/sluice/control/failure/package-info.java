/**
 * Failures that are facts of the domain. Stores and rules raise them; the one table in the REST frame turns each into a
 * status. A configuration that cannot be served is shared-model's InvalidConfigurationException.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.failure;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
