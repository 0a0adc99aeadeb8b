/**
 * The control plane's own figures, for Prometheus. Everybody counts into {@link
 * dev.sluice.control.metrics.ControlPlaneMeters}, where every name stands; {@code /metrics} reads them.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.metrics;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
