/**
 * Versions of services: rows outside revisions, whose implementation and routes follow them from group to group and go
 * with them. Requests come in from the REST frame; rows go to PostgreSQL and entities to the write path. The service API
 * creates first versions and deletes all of them through {@link dev.sluice.control.version.VersionStore} and {@link
 * dev.sluice.control.version.VersionEntities}.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.version;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
