package dev.sluice.control.db;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Locale;
import javax.net.ssl.TrustManagerFactory;

/**
 * Where PostgreSQL is, for both of its drivers. Of the URI's parameters {@code sslmode} counts: {@code verify-ca} and
 * {@code verify-full} check the server against the certificates that the Java platform trusts.
 */
record PostgresAddress(PgConnectOptions options) {
    static PostgresAddress parse(String uri) {
        PgConnectOptions options = PgConnectOptions.fromUri(uri);
        if (options.getSslMode() != SslMode.DISABLE) {
            options.setSslOptions(ssl(options.getSslMode()));
        }
        return new PostgresAddress(options);
    }

    /** Host, port and database: what may be logged. */
    String shown() {
        return hostAndPort() + "/" + options.getDatabase();
    }

    /** For the JDBC driver; user and password go beside it. */
    String jdbcUrl() {
        String database = URLEncoder.encode(options.getDatabase(), StandardCharsets.UTF_8);
        String checked = isVerified(options.getSslMode()) ? "&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory" : "";
        return "jdbc:postgresql://" + hostAndPort() + "/" + database
                + "?ApplicationName=sluice-migrations&connectTimeout=5&tcpKeepAlive=true&sslmode="
                + options.getSslMode().name().toLowerCase(Locale.ROOT).replace('_', '-') + checked;
    }

    private String hostAndPort() {
        String host = options.getHost();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + options.getPort();
    }

    private static ClientSSLOptions ssl(SslMode mode) {
        ClientSSLOptions ssl =
                new ClientSSLOptions().setHostnameVerificationAlgorithm(mode == SslMode.VERIFY_FULL ? "HTTPS" : "");
        return isVerified(mode) ? ssl.setTrustOptions(platformTrust()) : ssl.setTrustAll(true);
    }

    private static boolean isVerified(SslMode mode) {
        return mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL;
    }

    private static TrustOptions platformTrust() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return TrustOptions.wrap(factory.getTrustManagers()[0]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The platform's trusted certificates cannot be read", e);
        }
    }
}
