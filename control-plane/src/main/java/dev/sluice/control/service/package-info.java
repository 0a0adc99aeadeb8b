/**
 * Services: what a team offers, in versions. Requests come in from the REST frame; rows go to PostgreSQL, outside
 * revisions. Deleting a service deletes its versions and, by the write path, what those hold.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.service;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
