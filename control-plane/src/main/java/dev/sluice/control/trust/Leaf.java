package dev.sluice.control.trust;

import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * What a certificate is to say.
 *
 * @param commonName for people to read; nothing is decided by it
 * @param names subject alternative names
 * @param purposes object identifiers of extended key usages: what it is valid for, and nothing else
 */
record Leaf(String commonName, PublicKey key, List<GeneralName> names, List<String> purposes, Duration life) {
    static final String SERVER = "1.3.6.1.5.5.7.3.1";
    static final String CLIENT = "1.3.6.1.5.5.7.3.2";

    Leaf {
        names = List.copyOf(names);
        purposes = List.copyOf(purposes);
    }
}
