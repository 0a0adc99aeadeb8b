/**
 * Certificates with their private keys, the SNIs that show them to clients, and certificate authorities: entities that
 * belong to a runtime group and to no version. Requests come in from the REST frame; entities go to the write path, private keys only sealed under the
 * group's content key. Implementations name them by {@link dev.sluice.control.certificate.CertificateReferences}.
 */
@NullMarked
@CheckReturnValue
package dev.sluice.control.certificate;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
