package dev.sluice.runtime.tls;

import dev.sluice.model.routing.ServerNames;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Finds what a client is shown by the name that it asks for and the types of keys that it knows. Immutable. */
final class ServedKeys extends X509ExtendedKeyManager {
    private final ServerNames<ServedCertificate> names;
    private final Map<String, Identity> byAlias = new HashMap<>();

    ServedKeys(ServerNames<ServedCertificate> names, Iterable<ServedCertificate> certificates) {
        this.names = names;
        for (ServedCertificate certificate : certificates) {
            for (Identity identity : certificate.identities()) {
                byAlias.put(alias(certificate, identity.key().getAlgorithm()), identity);
            }
        }
    }

    /** Asked for each type of key that the client knows, until it gets an answer. */
    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        ServedCertificate certificate = names.find(engine == null ? null : asked(engine.getHandshakeSession()));
        if (certificate == null) {
            return null;
        }
        String alias = alias(certificate, keyType);
        return byAlias.containsKey(alias) ? alias : null;
    }

    /** The name that the client of a session asked for; null when it asked for none. */
    static @Nullable String asked(@Nullable SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return null;
    }

    private static String alias(ServedCertificate certificate, String keyType) {
        return certificate.id() + "/" + keyType;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        Identity identity = byAlias.get(alias);
        return identity == null ? null : identity.chain().toArray(new X509Certificate[0]);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        Identity identity = byAlias.get(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }
}
