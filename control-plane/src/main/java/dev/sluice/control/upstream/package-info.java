/**
 * Upstreams: named sets of targets that belong to a runtime group and to no version. Requests come in from the REST frame;
 * entities go to the write path. An implementation whose host is an upstream's name is served by its targets; so an
 * upstream that is named keeps its name and is not deleted.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.upstream;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
