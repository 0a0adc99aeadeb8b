/**
 * What people declare, as immutable records: the configuration that a runtime group serves. Records come in as JSON
 * (from the REST API or out of a snapshot) through {@link dev.sluice.model.config.ConfigJson} and are only ever read
 * afterwards. Both planes use them; nothing here knows of HTTP servers or databases.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.model.config;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
