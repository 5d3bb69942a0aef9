package dev.wherry.daemon.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.InvalidInputException;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3/8, 10.0.0.0/8",
        "192.168.77.1/32, 192.168.77.1/32",
        "0.0.0.0/0, 0.0.0.0/0",
        "fd00:0:0:1::9/64, fd00:0:0:1::/64",
        "2001:db8::/32, 2001:db8::/32",
        "::/0, ::/0"
    })
    void rangeBeginsAtItsFirstAddress(String text, String range) {
        assertThat(Cidr.parse("subnet", text)).hasToString(range);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0", "10.0.0.0/33", "10.0.0/8", "300.0.0.0/8", "::/129", "name/8", "/8", "10.0.0.0/"})
    void whatIsNoRangeIsRefused(String text) {
        assertThatThrownBy(() -> Cidr.parse("subnet", text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("subnet \"");
    }

    @Test
    void addressesAreCounted() {
        Cidr range = Cidr.parse("subnet", "10.9.255.0/24");

        assertThat(Cidr.text(range.address(1))).isEqualTo("10.9.255.1");
        assertThat(Cidr.text(range.last())).isEqualTo("10.9.255.255");
        assertThat(range.next(1)).hasToString("10.10.0.0/24");
        assertThat(range.indexOf(InetAddress.ofLiteral("10.9.255.7"))).isEqualTo(7);
        assertThat(range.overlaps(Cidr.parse("subnet", "10.9.0.0/16"))).isTrue();
        assertThat(range.overlaps(Cidr.parse("subnet", "10.8.0.0/16"))).isFalse();
        assertThat(range.contains(InetAddress.ofLiteral("::1"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"fd00:0:0:1:0:0:0:9, fd00:0:0:1::9", "0:0:0:0:0:0:0:1, ::1", "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7"})
    void addressesOfVersionSixAreShort(String whole, String text) {
        assertThat(Cidr.text(InetAddress.ofLiteral(whole))).isEqualTo(text);
    }

    @Test
    void routesOfTheKernelAreRead() {
        assertThat(HostRoutes.parse("""
                Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
                eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
                eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
                """)).containsExactly(Cidr.parse("route", "192.0.2.0/24"));
    }
}
