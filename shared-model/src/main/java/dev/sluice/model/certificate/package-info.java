/**
 * What certificates and private keys that people declare must fulfil, and what is to be read in them. Texts in PEM come
 * in from the control plane's API, and from snapshots on the runtimes; checked certificates, keys and faults go out.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.model.certificate;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
