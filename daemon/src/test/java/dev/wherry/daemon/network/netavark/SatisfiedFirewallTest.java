package dev.wherry.daemon.network.netavark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.linux.ShortProgram;
import dev.wherry.daemon.linux.ShortProgram.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Netavark finds a firewall that has every rule already. */
class SatisfiedFirewallTest {

    @TempDir
    private Path folder;

    private Answer run(String name, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(folder.resolve(name).toString()));
        command.addAll(List.of(arguments));
        return ShortProgram.run(command, List.of(), new byte[0], Duration.ofSeconds(10));
    }

    @Test
    void saysItsVersion() throws Exception {
        SatisfiedFirewall.write(folder);

        assertThat(run("iptables", "--version")).isEqualTo(new Answer(0, "iptables v1.8.9 (nf_tables)\n", ""));
        assertThat(run("ip6tables", "--version")).isEqualTo(run("iptables", "--version"));
    }

    @Test
    void isDoneWithAllElse() throws Exception {
        SatisfiedFirewall.write(folder);

        Answer done = new Answer(0, "", "");
        assertThat(run("iptables")).isEqualTo(done);
        assertThat(run("iptables", "")).isEqualTo(done);
        assertThat(run("iptables", "-t", "nat", "-S", "--wait")).isEqualTo(done);
        assertThat(run("iptables", "-C", "FORWARD", "--version")).isEqualTo(done);
    }

    @Test
    void takesThePlaceOfAnEarlierOne() throws Exception {
        Files.writeString(folder.resolve("iptables"), "#!/bin/false\n");

        SatisfiedFirewall.write(folder);
        SatisfiedFirewall.write(folder);

        assertThat(run("iptables", "-S").code()).isZero();
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("iptables", "ip6tables");
    }
}
