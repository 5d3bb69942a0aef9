package dev.wherry.daemon.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressPoolsTest {

    private static AddressPools pools(String... texts) {
        return new AddressPools(Stream.of(texts).map(AddressPool::parse).toList());
    }

    private static Cidr cidr(String text) {
        return Cidr.parse("range", text);
    }

    @Test
    void poolsAreDockersUnlessOthersAreGiven() {
        List<Cidr> used = new ArrayList<>();
        for (int i = 0; i < 31; i++) {
            used.add(pools().freeIpv4(0, used));
        }

        assertThat(used.subList(0, 3)).hasToString("[172.17.0.0/16, 172.18.0.0/16, 172.19.0.0/16]");
        assertThat(used.subList(14, 17)).hasToString("[172.31.0.0/16, 192.168.0.0/20, 192.168.16.0/20]");
        assertThat(used.getLast()).hasToString("192.168.240.0/20");
        assertThatThrownBy(() -> pools().freeIpv4(0, used)).isInstanceOf(ExhaustedException.class);
    }

    @Test
    void poolsAreUsedInTheirOrder() {
        AddressPools pools = pools("10.10.0.0/23=24", "10.9.0.0/16=17", "fd00:1::/63=64");
        List<Cidr> used = new ArrayList<>(List.of(cidr("10.10.0.128/30")));

        assertThat(pools.freeIpv4(0, used)).hasToString("10.10.1.0/24");
        used.add(cidr("10.10.0.0/16"));
        assertThat(pools.freeIpv4(0, used)).hasToString("10.9.0.0/17");
        assertThat(pools.freeIpv4(7, used)).as("counted round").hasToString("10.9.128.0/17");
        assertThat(pools.freeIpv6(List.of(cidr("fd00:1::/64")))).hasToString("fd00:1:0:1::/64");
        assertThatThrownBy(() -> pools.freeIpv6(List.of(cidr("fd00::/16")))).isInstanceOf(ExhaustedException.class);
    }

    @Test
    void addressesOfVersion6AreUniqueLocalOnesWithoutAPool() {
        assertThat(cidr("fd00::/8").contains(pools("10.0.0.0/8=24").freeIpv6(List.of())))
                .isTrue();
    }

    @Test
    void largePoolIsCut() {
        assertThat(pools("10.0.0.0/8=30").freeIpv4(-1 & 0xffff, List.of())).hasToString("10.3.255.252/30");
        assertThat(pools("fd00::/8=64").freeIpv6(List.of())).hasToString("fd00::/64");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.0/8|is no address pool",
                "10.0.0.0=24|is no range of addresses",
                "10.0.0.0/16=15|choose a prefix from 16 to 30",
                "10.0.0.0/16=31|choose a prefix from 16 to 30",
                "fd00::/48=127|choose a prefix from 48 to 126",
                "example/8=24|is no IP address"
            })
    void otherTextIsRefused(String text, String problem) {
        assertThatThrownBy(() -> AddressPool.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(problem);
    }
}
