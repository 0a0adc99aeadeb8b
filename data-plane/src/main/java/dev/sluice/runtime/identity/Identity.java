package dev.sluice.runtime.identity;

import dev.sluice.model.settings.HostPort;
import dev.sluice.model.trust.BusIdentity;
import dev.sluice.model.trust.Pem;
import dev.sluice.model.trust.RuntimeName;
import dev.sluice.model.wire.Enrolment;
import dev.sluice.model.wire.Trust;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A runtime that has joined: its key, the certificates that belong to it, and what it trusts. Immutable. */
public final class Identity {
    private static final Logger LOG = LoggerFactory.getLogger(Identity.class);

    private final RuntimeKey key;
    private final Enrolment enrolment;
    private final List<X509Certificate> certificates;
    private final List<X509Certificate> authorities;

    private Identity(RuntimeKey key, Enrolment enrolment) {
        this.key = key;
        this.enrolment = enrolment;
        this.certificates = Pem.certificates(enrolment.certificate());
        this.authorities = Pem.certificates(String.join("\n", enrolment.trust().authorities()));
    }

    /**
     * Puts together what a control plane answered and the key that it was asked with.
     *
     * @throws IllegalArgumentException when they do not belong together; the message says why
     */
    public static Identity of(RuntimeKey key, UUID runtime, Enrolment enrolment) {
        Identity identity = new Identity(key, enrolment);
        RuntimeName name = RuntimeName.of(identity.certificate());
        if (!name.runtime().equals(runtime) || !enrolment.runtime().equals(runtime)) {
            throw new IllegalArgumentException(
                    "The certificate is for runtime " + name.runtime() + ", this one is " + runtime);
        }
        if (!name.group().equals(enrolment.trust().groupId())) {
            throw new IllegalArgumentException("The certificate is for another group than the trust that came with it");
        }
        X509Certificate bus = Pem.certificates(enrolment.busCertificate()).get(0);
        if (!identity.certificate().getPublicKey().equals(key.publicKey())
                || !bus.getPublicKey().equals(key.publicKey())) {
            throw new IllegalArgumentException("The certificate is for another key than it was asked for");
        }
        return identity;
    }

    /**
     * The same runtime after it was told anew what to trust.
     *
     * @throws IllegalArgumentException when that is of another group, or names no authority
     */
    public Identity with(Trust trust) {
        if (!trust.groupId().equals(trust().groupId())) {
            throw new IllegalArgumentException("The trust is of another group, " + trust.group());
        }
        return new Identity(
                key, new Enrolment(enrolment.runtime(), enrolment.certificate(), enrolment.busCertificate(), trust));
    }

    public Trust trust() {
        return enrolment.trust();
    }

    public RuntimeKey key() {
        return key;
    }

    public CertificateLife life() {
        return new CertificateLife(
                instant(certificate().getNotBefore()), instant(certificate().getNotAfter()));
    }

    /** Whom this runtime believes other runtimes and control planes on the event bus, and what it shows there. */
    public BusIdentity bus() {
        return new BusIdentity(
                key.privatePem(), enrolment.busCertificate(), String.join("\n", trust().busAuthorities()));
    }

    /** Whether connections made with the other look the same from outside. */
    public boolean showsAndBelievesTheSame(Identity other) {
        return certificates.equals(other.certificates) && authorities.equals(other.authorities);
    }

    /** Whether connections of the event bus made with the other look the same from outside. */
    public boolean isOnTheBusAs(Identity other) {
        return enrolment.busCertificate().equals(other.enrolment.busCertificate())
                && trust().busAuthorities().equals(other.trust().busAuthorities());
    }

    /** The configured control planes, and after them those that this runtime was told of. */
    public List<URI> controlPlanes(List<URI> configured) {
        Set<URI> all = new LinkedHashSet<>(configured);
        readable(trust().controlPlanes(), URI::create).stream()
                .filter(uri -> "https".equals(uri.getScheme()) && uri.getHost() != null)
                .forEach(all::add);
        return List.copyOf(all);
    }

    /** Members of the cluster that this runtime was told of. */
    public List<HostPort> members() {
        return readable(trust().members(), HostPort::parse);
    }

    /** What control planes are shown. */
    dev.sluice.runtime.tls.Identity shown() {
        return new dev.sluice.runtime.tls.Identity(certificates, key.privateKey());
    }

    Enrolment enrolment() {
        return enrolment;
    }

    List<X509Certificate> authorities() {
        return authorities;
    }

    private X509Certificate certificate() {
        return certificates.get(0);
    }

    private static Instant instant(Date date) {
        return date.toInstant();
    }

    /** What a later release writes otherwise is passed over: one strange address must not cost all. */
    private static <T> List<T> readable(List<String> texts, Function<String, T> parser) {
        List<T> values = new ArrayList<>();
        for (String text : texts) {
            try {
                values.add(parser.apply(text));
            } catch (IllegalArgumentException e) {
                LOG.debug("Passing over the address {}", text, e);
            }
        }
        return values;
    }
}
