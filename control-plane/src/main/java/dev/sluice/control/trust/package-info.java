/**
 * Why runtimes believe a control plane and it believes them: the certificate authorities, the certificates that they
 * issue, the keys that sign snapshots, and the document that tells a runtime whom to trust. All of it is made once, lies
 * sealed in PostgreSQL and is shared by all control planes. In flow settings and public keys, out flow certificates,
 * signatures and {@link dev.sluice.model.wire.Trust}; who may have a certificate is decided in {@code enrolment}.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.trust;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
