package dev.sluice.control.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.pgclient.SslMode;
import org.junit.jupiter.api.Test;

class PostgresAddressTest {
    @Test
    void bothDriversGetTheSameAddress() {
        PostgresAddress address = PostgresAddress.parse("postgresql://me%40home:p%2Fw@db.example.com:5433/my_base");

        assertThat(address.options().getHost()).isEqualTo("db.example.com");
        assertThat(address.options().getUser()).isEqualTo("me@home");
        assertThat(address.options().getPassword()).isEqualTo("p/w");
        assertThat(address.jdbcUrl()).startsWith("jdbc:postgresql://db.example.com:5433/my_base?");
        assertThat(address.jdbcUrl()).contains("sslmode=disable").doesNotContain("p/w");
        assertThat(address.shown()).isEqualTo("db.example.com:5433/my_base");
    }

    @Test
    void tlsIsCheckedAgainstThePlatformsCertificatesWhereItIsToBeVerified() {
        PostgresAddress required = PostgresAddress.parse("postgresql://a:b@db/base?sslmode=require");
        assertThat(required.options().getSslOptions().isTrustAll()).isTrue();
        assertThat(required.jdbcUrl()).contains("sslmode=require").doesNotContain("sslfactory");

        PostgresAddress verified = PostgresAddress.parse("postgresql://a:b@[::1]/base?sslmode=verify-full");
        assertThat(verified.options().getSslMode()).isEqualTo(SslMode.VERIFY_FULL);
        assertThat(verified.options().getSslOptions().isTrustAll()).isFalse();
        assertThat(verified.options().getSslOptions().getTrustOptions()).isNotNull();
        assertThat(verified.options().getSslOptions().getHostnameVerificationAlgorithm())
                .isEqualTo("HTTPS");
        assertThat(verified.jdbcUrl())
                .startsWith("jdbc:postgresql://[::1]:5432/base?")
                .contains("sslmode=verify-full&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory");
    }
}
