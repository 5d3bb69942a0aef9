package dev.wherry.daemon.network.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chain of a network namespace. */
class ForwardChainTest {

    @TempDir
    private Path folder;

    private List<String> enter;
    private ForwardChain chain;

    @BeforeEach
    void begin() throws IOException {
        NetworkNamespace.create(folder.resolve("host"));
        enter = List.of("/usr/bin/nsenter", "--net=" + folder.resolve("host"));
        chain = new ForwardChain(enter, "wherry-test");
    }

    @AfterEach
    void end() throws IOException {
        NetworkNamespace.remove(folder.resolve("host"));
    }

    private String iptables(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(enter);
        command.add("/usr/sbin/iptables");
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void chainThatDropsNothingIsLeftAlone() throws Exception {
        iptables("-A", "FORWARD", "-j", "ACCEPT");

        chain.admit(List.of("br-a"));

        assertThat(iptables("-S", "FORWARD")).isEqualTo("-P FORWARD ACCEPT\n-A FORWARD -j ACCEPT\n");
    }

    @Test
    void bridgesPassAChainThatDrops() throws Exception {
        iptables("-P", "FORWARD", "DROP");
        iptables("-A", "FORWARD", "-i", "other", "-j", "ACCEPT");

        chain.admit(List.of("br-a", "br-b"));
        chain.admit(List.of("br-b", "br-c"));

        assertThat(iptables("-S", "FORWARD").lines())
                .containsExactlyInAnyOrder(
                        "-P FORWARD DROP",
                        "-A FORWARD -i br-b -m comment --comment wherry-test -j ACCEPT",
                        "-A FORWARD -o br-b -m comment --comment wherry-test -j ACCEPT",
                        "-A FORWARD -i br-c -m comment --comment wherry-test -j ACCEPT",
                        "-A FORWARD -o br-c -m comment --comment wherry-test -j ACCEPT",
                        "-A FORWARD -i other -j ACCEPT");

        chain.admit(List.of());

        assertThat(iptables("-S", "FORWARD")).isEqualTo("-P FORWARD DROP\n-A FORWARD -i other -j ACCEPT\n");
    }
}
