package dev.wherry.daemon.network.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.network.Cidr;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.NamespaceOwner;
import dev.wherry.daemon.network.PortMapping;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PortRelaysTest {

    private static final String FOUR = "10.9.0.2";
    private static final String SIX = "fd00:9::2";

    private static Endpoint endpoint(Optional<String> four, Optional<String> six) {
        return new Endpoint(
                "e".repeat(64),
                "a".repeat(64),
                NamespaceOwner.container("1".repeat(64), "one"),
                "eth0",
                "02:42:0a:09:00:02",
                four.map(InetAddress::ofLiteral),
                six.map(InetAddress::ofLiteral),
                List.of(),
                100,
                List.of());
    }

    private static final Endpoint ONLY_4 = endpoint(Optional.of(FOUR), Optional.empty());
    private static final Endpoint ONLY_6 = endpoint(Optional.empty(), Optional.of(SIX));
    private static final Endpoint BOTH = endpoint(Optional.of(FOUR), Optional.of(SIX));

    /** Where relays listen for a port that is published at an address; empty for all addresses. */
    private static List<String> relays(Endpoint endpoint, String host) {
        Optional<InetAddress> address =
                Optional.of(host).filter(text -> !text.isEmpty()).map(InetAddress::ofLiteral);
        return PortRelays.needed(endpoint, PortMapping.of(8080, 80, "tcp"), address).stream()
                .map(relay -> Cidr.text(relay.from().getAddress()) + " to "
                        + Cidr.text(relay.to().getAddress()))
                .toList();
    }

    @Test
    void loopbackOfVersion6AlwaysNeedsOne() {
        assertThat(relays(ONLY_4, "")).containsExactly("::1 to " + FOUR);
        assertThat(relays(BOTH, "")).containsExactly("::1 to " + FOUR);
        assertThat(relays(BOTH, "::")).containsExactly("::1 to " + FOUR);
        assertThat(relays(BOTH, "::1")).containsExactly("::1 to " + FOUR);
        assertThat(relays(ONLY_6, "")).containsExactly("::1 to " + SIX, "127.0.0.1 to " + SIX);
    }

    @Test
    void addressOfTheOtherVersionNeedsOne() {
        assertThat(relays(ONLY_4, "2001:db8::1")).containsExactly("2001:db8::1 to " + FOUR);
        assertThat(relays(ONLY_6, "127.0.0.1")).containsExactly("127.0.0.1 to " + SIX);
    }

    @Test
    void addressThatTheFirewallLeadsFromNeedsNone() {
        assertThat(relays(ONLY_4, "127.0.0.1")).isEmpty();
        assertThat(relays(ONLY_4, "0.0.0.0")).isEmpty();
        assertThat(relays(BOTH, "2001:db8::1")).isEmpty();
    }

    @Test
    void onlyTcpIsRelayedEachPortOfARange() {
        assertThat(PortRelays.needed(ONLY_4, PortMapping.of(53, 53, "udp"), Optional.empty()))
                .isEmpty();
        assertThat(PortRelays.needed(
                        ONLY_4, new PortMapping(Optional.empty(), 8080, 0, 80, "tcp", 2), Optional.empty()))
                .extracting(relay -> relay.from().getPort(), relay -> relay.to())
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(8080, new InetSocketAddress(FOUR, 80)),
                        org.assertj.core.api.Assertions.tuple(8081, new InetSocketAddress(FOUR, 81)));
    }
}
