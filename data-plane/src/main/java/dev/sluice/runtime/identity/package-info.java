/**
 * Who this runtime is and whom it believes: its private key, its certificates and what control planes told it to trust,
 * on disk in one encrypted file, and as TLS options for connections to control planes. Asking control planes for any of
 * it is the control loop's part.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.runtime.identity;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
