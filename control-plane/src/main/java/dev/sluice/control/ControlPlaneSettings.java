package dev.sluice.control;

import dev.sluice.control.http.ApiCertificate;
import dev.sluice.model.net.Cidr;
import dev.sluice.model.net.DeniedNetworks;
import dev.sluice.model.settings.ClusterSettings;
import dev.sluice.model.settings.HostPort;
import dev.sluice.model.settings.InvalidSettingsException;
import dev.sluice.model.settings.Setting;
import dev.sluice.model.settings.SettingsReader;
import dev.sluice.model.trust.SealingKey;
import dev.sluice.model.trust.SealingKeys;
import io.vertx.pgclient.PgConnectOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a control plane is told at its start.
 *
 * @param postgresUri {@code postgresql://user:password@host:port/database}; holds a secret
 * @param postgresPoolSize connections at most, 2 to 200
 * @param apiBind address of the REST API
 * @param apiCertificate with which the REST API speaks TLS; null: it does not
 * @param runtimeApiBind address that runtimes call
 * @param adminToken bearer token that is always an administrator's; null: the first start makes one
 * @param secretKeys what secrets in the database are sealed under; a secret
 * @param trust between control planes and runtimes
 * @param trustedProxies before the REST API: what they say of their clients is believed
 * @param deniedNetworks where no upstream may be
 * @param cluster event bus, or null for none
 */
public record ControlPlaneSettings(
        String postgresUri,
        int postgresPoolSize,
        HostPort apiBind,
        @Nullable ApiCertificate apiCertificate,
        HostPort runtimeApiBind,
        @Nullable String adminToken,
        SealingKeys secretKeys,
        TrustSettings trust,
        List<Cidr> trustedProxies,
        DeniedNetworks deniedNetworks,
        @Nullable ClusterSettings cluster) {

    /**
     * Reads them all.
     *
     * @throws InvalidSettingsException naming everything that is wrong
     */
    public static ControlPlaneSettings read(SettingsReader reader) {
        String uri = reader.required(Setting.POSTGRES_URI);
        if (!uri.isEmpty() && !isPostgresUri(uri)) {
            reader.problem(
                    Setting.POSTGRES_URI,
                    "is no postgresql://user:password@host:port/database, or has a parameter of no known value");
        }
        ClusterSettings cluster =
                ClusterSettings.read(reader, new HostPort("127.0.0.1", 5701), new HostPort("127.0.0.1", 5801));
        ControlPlaneSettings settings = new ControlPlaneSettings(
                uri,
                reader.integer(Setting.POSTGRES_POOL_SIZE, 2, 200),
                reader.address(Setting.API_BIND, new HostPort("127.0.0.1", 8001)),
                apiCertificate(reader),
                reader.address(Setting.RUNTIME_API_BIND, new HostPort("127.0.0.1", 8005)),
                stripped(reader.text(Setting.ADMIN_TOKEN)),
                secretKeys(reader),
                TrustSettings.read(reader),
                reader.list(Setting.TRUSTED_PROXIES, Cidr::parse),
                DeniedNetworks.and(reader.list(Setting.DENIED_NETWORKS, Cidr::parse)),
                cluster);
        reader.finish();
        return settings;
    }

    private static SealingKeys secretKeys(SettingsReader reader) {
        SealingKey current = secretKey(reader, Setting.SECRET_KEY, reader.required(Setting.SECRET_KEY));
        String former = reader.text(Setting.FORMER_SECRET_KEYS);
        List<SealingKey> others = former == null
                ? List.of()
                : Arrays.stream(former.split(",", -1))
                        .filter(text -> !text.isBlank())
                        .map(text -> secretKey(reader, Setting.FORMER_SECRET_KEYS, text))
                        .toList();
        return new SealingKeys(current, others);
    }

    /** The text itself is never told. */
    private static SealingKey secretKey(SettingsReader reader, Setting setting, String text) {
        try {
            return text.isEmpty() ? SealingKey.random() : SealingKey.parse(text);
        } catch (IllegalArgumentException e) {
            reader.problem(setting, "is " + e.getMessage() + "; 'openssl rand -base64 32' makes one");
            return SealingKey.random();
        }
    }

    private static @Nullable ApiCertificate apiCertificate(SettingsReader reader) {
        String chain = stripped(reader.text(Setting.API_TLS_CERTIFICATE));
        String key = stripped(reader.text(Setting.API_TLS_KEY));
        if (chain == null && key != null) {
            reader.problem(Setting.API_TLS_CERTIFICATE, "is required where SLUICE_API_TLS_KEY is set");
        }
        if (chain != null && key == null) {
            reader.problem(Setting.API_TLS_KEY, "is required where SLUICE_API_TLS_CERTIFICATE is set");
        }
        return chain == null || key == null
                ? null
                : new ApiCertificate(
                        chain, key, reader.file(Setting.API_TLS_CERTIFICATE), reader.file(Setting.API_TLS_KEY));
    }

    private static boolean isPostgresUri(String text) {
        try {
            URI uri = new URI(text);
            return ("postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getPath() != null
                    && uri.getPath().length() > 1
                    && isReadByTheDriver(text);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** The driver's own message is not told: it has the whole URI in it, the password too. */
    private static boolean isReadByTheDriver(String uri) {
        try {
            return !PgConnectOptions.fromUri(uri).getDatabase().isEmpty();
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** A blank token is none, and the blanks around one cannot be sent in a header. */
    private static @Nullable String stripped(@Nullable String token) {
        return token == null || token.isBlank() ? null : token.strip();
    }
}
