/**
 * What is wrong with a declared configuration: one {@link dev.sluice.model.problem.Violation} a fault, collected so
 * that a person sees all of them at once. Rules and the routing compiler produce them; the REST API lists them.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.model.problem;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
