/**
 * The compiler that both planes use: routes and implementations go in, as records or as a snapshot, and a
 * {@link dev.sluice.model.routing.RouteTable} comes out that finds the route and the upstream path of a request without
 * sorting, parsing or compiling anything. Runtimes match every request with it; the control plane compiles each
 * candidate configuration before it commits, checks single records with the rules, and explains decisions to people.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.model.routing;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
