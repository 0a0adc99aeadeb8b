package dev.sluice.model.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeniedNetworksTest {
    private final DeniedNetworks always = DeniedNetworks.ALWAYS_DENIED;

    @ParameterizedTest
    @CsvSource({
        "169.254.169.254, 169.254.0.0/16",
        "169.254.0.1, 169.254.0.0/16",
        "100.100.100.200, 100.100.100.200/32",
        "192.0.0.192, 192.0.0.192/32",
        "0.0.0.0, 0.0.0.0/8",
        "0.1.2.3, 0.0.0.0/8",
        "0, 0.0.0.0/8",
        "224.0.0.1, 224.0.0.0/4",
        "239.255.255.250, 224.0.0.0/4",
        "255.255.255.255, 255.255.255.255/32",
        "::, ::/128",
        "0:0:0:0:0:0:0:0, ::/128",
        "fe80::1, fe80::/10",
        "fe80::1%eth0, fe80::/10",
        "febf::1, fe80::/10",
        "fd00:ec2::254, fd00:ec2::/32",
        "FD00:0EC2:0:0:0:0:0:254, fd00:ec2::/32",
        "ff02::1, ff00::/8",
    })
    void addressesInDeniedNetworksAreDenied(String host, String network) {
        assertThat(networkOf(host)).isEqualTo(network);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2852039166",
                "0xa9fea9fe",
                "0XA9FEA9FE",
                "025177524776",
                "169.254.43518",
                "169.16689662",
                "0xa9.0xfe.0xa9.0xfe",
                "0251.0376.0251.0376",
                "0251.254.43518",
                "0xa9.254.0251.254",
                "00000251.0376.0251.0376",
                "169.254.169.254.",
                "169.254.169.254..",
                "2852039166.",
                "[::ffff:a9fe:a9fe]",
                "::ffff:a9fe:a9fe",
                "::ffff:169.254.169.254",
                "0:0:0:0:0:ffff:a9fe:a9fe",
                "::169.254.169.254",
                "::a9fe:a9fe",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b::169.254.169.254",
                "2002:a9fe:a9fe::1",
                "2002:a9fe:a9fe:1:2:3:4:5",
            })
    void noWayOfWritingADeniedAddressSlipsThrough(String host) {
        assertThat(networkOf(host)).isEqualTo("169.254.0.0/16");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1",
                "0x7f.1",
                "::1",
                "::ffff:127.0.0.1",
                "10.0.0.1",
                "172.16.0.1",
                "192.168.1.1",
                "fd00::1",
                "fd00:ec3::1",
                "fec0::1",
                "8.8.8.8",
                "169.253.255.255",
                "169.255.0.0",
                "100.100.100.199",
                "192.0.0.191",
                "1.0.0.0",
                "223.255.255.255",
                "255.255.255.254",
                "2001:db8::1",
                "2002:a00:1::1",
                "64:ff9b::808:808",
                "64:ff9c::a9fe:a9fe",
                "::10.0.0.1",
            })
    void loopbackPrivateAndPublicAddressesAreNot(String host) {
        assertThat(HostLiterals.readings(host)).isNotEmpty();
        assertThat(always.ofLiteral(host)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com",
                "169.254.169.254.example.com",
                "a9fea9fe",
                "0xg",
                "4294967296",
                "1.2.3.4.5",
                "256.1.1.1",
                "169..169.254",
                "::g",
                "",
                ".",
                "-1",
                "99999999999999999999",
            })
    void whatIsNoAddressIsLeftToTheResolver(String host) {
        assertThat(HostLiterals.readings(host)).isEmpty();
        assertThat(always.ofLiteral(host)).isNull();
    }

    @Test
    void aLeadingZeroIsReadBothWays() {
        assertThat(HostLiterals.readings("0177.0.0.1"))
                .extracting(InetAddress::getHostAddress)
                .containsExactly("127.0.0.1", "177.0.0.1");
        assertThat(DeniedNetworks.and(List.of(Cidr.parse("177.0.0.0/8"))).ofLiteral("0177.0.0.1"))
                .isNotNull();
        assertThat(DeniedNetworks.and(List.of(Cidr.parse("127.0.0.0/8"))).ofLiteral("0177.0.0.1"))
                .isNotNull();
    }

    @Test
    void furtherNetworksAreDeniedOnTopAndToldApart() {
        DeniedNetworks more = DeniedNetworks.and(List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("fd00::/8")));
        assertThat(Objects.requireNonNull(more.ofLiteral("10.1.2.3")).sentence())
                .isEqualTo("10.1.2.3, in the denied network 10.0.0.0/8 (SLUICE_DENIED_NETWORKS)");
        assertThat(Objects.requireNonNull(more.ofLiteral("10.1.2.3")).lifted()).contains("SLUICE_DENIED_NETWORKS");
        assertThat(more.ofLiteral("2002:a01:203::1")).isNotNull();
        assertThat(more.ofLiteral("fd12::1")).isNotNull();
        assertThat(more.ofLiteral("192.168.0.1")).isNull();
        assertThat(Objects.requireNonNull(more.ofLiteral("169.254.169.254")).sentence())
                .isEqualTo("169.254.169.254, in the denied network 169.254.0.0/16 (link-local, cloud metadata)");
        assertThat(Objects.requireNonNull(more.ofLiteral("169.254.169.254")).lifted())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.20.30.40", "::1", "fe80::1", "::ffff:1.2.3.4"})
    void usualFormsAreAddressesAtOnce(String host) throws UnknownHostException {
        assertThat(HostLiterals.usual(host)).isEqualTo(InetAddress.getByName(host));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "2852039166", "127.1", "0x7f.1", "127.0.0.1.", "256.0.0.1", "fe80::1%eth0"})
    void otherFormsAreNot(String host) {
        assertThat(HostLiterals.usual(host)).isNull();
    }

    private String networkOf(String host) {
        Denial denial = always.ofLiteral(host);
        return denial == null ? "none" : denial.network().toString();
    }
}
