package dev.wherry.daemon.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.host.systemd.FakeSystemd;
import dev.wherry.daemon.network.Cidr;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.NamespaceOwner;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.NetworkDriver;
import dev.wherry.daemon.network.Subnet;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program itself, on an address of the host's loopback. */
class AardvarkTest {

    private static final Network NETWORK = new Network(
            "a".repeat(64),
            "names",
            NetworkDriver.BRIDGE,
            Instant.EPOCH,
            List.of(new Subnet(
                    Cidr.parse("subnet", "127.211.37.0/24"),
                    Optional.empty(),
                    Optional.of(Cidr.parseAddress("address", "127.211.37.1")),
                    Map.of())),
            false,
            false,
            false,
            "",
            Map.of(),
            Map.of());

    private static final Zone ZONE = new Zone(
            NETWORK,
            List.of(new Endpoint(
                    "e",
                    NETWORK.id(),
                    NamespaceOwner.container("c".repeat(64), "one"),
                    "eth0",
                    "",
                    Optional.of(Cidr.parseAddress("address", "127.211.37.2")),
                    Optional.empty(),
                    List.of(),
                    100)));

    @TempDir
    Path folder;

    @Test
    void runsInAScopeOfItsOwnThatOutlivesTheService() throws Exception {
        try (FakeSystemd systemd = new FakeSystemd(folder)) {
            ResolverScope scope = new ResolverScope(Optional.of(systemd.bus()), "names.scope");
            Aardvark names = new Aardvark(folder.resolve("dns"), scope);
            try {
                names.apply(() -> List.of(ZONE));
                assertThat(systemd.requests.take()).isEqualTo("start names.scope");

                // A daemon that was killed in between has left it where it was.
                names = new Aardvark(folder.resolve("dns"), scope);
                names.restore(() -> List.of(ZONE));
                assertThat(systemd.requests.take()).isEqualTo("start names.scope refused");
                assertThat(systemd.requests.take()).isEqualTo("attach names.scope");
            } finally {
                names.apply(List::of);
            }
        }
    }
}
