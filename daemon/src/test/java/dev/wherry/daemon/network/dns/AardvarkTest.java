package dev.wherry.daemon.network.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.host.systemd.FakeSystemd;
import dev.wherry.daemon.network.Cidr;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.NamespaceOwner;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.NetworkDriver;
import dev.wherry.daemon.network.Subnet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program itself, on an address of the host's loopback. */
class AardvarkTest {

    private static final Network NETWORK = network("a".repeat(64), 37);

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
                    100,
                    List.of())));

    private static Network network(String id, int subnet) {
        return new Network(
                id,
                "names",
                NetworkDriver.BRIDGE,
                Instant.EPOCH,
                List.of(new Subnet(
                        Cidr.parse("subnet", "127.211." + subnet + ".0/24"),
                        Optional.empty(),
                        Optional.of(Cidr.parseAddress("address", "127.211." + subnet + ".1")),
                        Map.of())),
                false,
                false,
                false,
                "",
                Map.of(),
                Map.of());
    }

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

    @Test
    void whatAStartThatFailedHasLeftIsNotServed() throws Exception {
        Path files = folder.resolve("dns");
        Aardvark names = new Aardvark(files, new ResolverScope(Optional.empty(), ""), Duration.ofSeconds(1));
        // Where a folder is in the place of its file, the program does not start.
        Path obstacle = Files.createDirectories(files.resolve("aardvark.pid"));
        Zone other = new Zone(network("b".repeat(64), 38), ZONE.endpoints());
        assertThatThrownBy(() -> names.apply(() -> List.of(ZONE, other))).hasMessage("aardvark-dns cannot be started");
        Files.delete(obstacle);
        try {
            names.apply(() -> List.of(ZONE));

            assertThat(files.resolve(NETWORK.id())).exists();
            assertThat(files.resolve(other.network().id())).doesNotExist();
        } finally {
            names.apply(List::of);
        }
    }
}
