/**
 * Who may be a runtime. In flow join tokens (made over REST), requests to join and to renew, and every call of the
 * runtime API with the certificate that it shows; out flow certificates, and the answer who calls. Revoked runtimes are
 * refused at their next request, on every control plane, and their open connections are cut.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.enrolment;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
