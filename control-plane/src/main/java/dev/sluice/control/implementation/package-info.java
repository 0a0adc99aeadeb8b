/**
 * Implementations as people declare them: requests come in from the REST frame, checked against the contract; entities
 * go out to the write path, together with a first route where one was sent along.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.implementation;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
