/**
 * How every Sluice process reads its settings: environment variables first, an optional YAML file below them, secrets
 * also from files, unknown keys refused, all of them listed by {@code --help}. The one place of this module that reads
 * files, and only at start.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.model.settings;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
