package dev.wherry.daemon.network.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.network.PortMapping;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A table in the host's own kernel. */
class FirewallTest {

    private static final String TABLE =
            "wherry-firewall-" + ProcessHandle.current().pid();

    private final Firewall firewall = new Firewall(TABLE);

    @AfterEach
    void end() throws Exception {
        nft("add", "table", "inet", TABLE);
        nft("delete", "table", "inet", TABLE);
    }

    private static String nft(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "nft";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private void publish(PortMapping... ports) {
        firewall.apply(() -> RulesTest.rules(ports));
    }

    private static List<String> published() throws Exception {
        return nft("list", "map", "inet", TABLE, "any4")
                .lines()
                .flatMap(line -> RulesTest.ELEMENT.matcher(line).results())
                .map(match -> match.group())
                .sorted()
                .toList();
    }

    @Test
    void portsComeGoAndLeadElsewhere() throws Exception {
        publish(PortMapping.of(8080, 80, "tcp"), PortMapping.of(8081, 81, "tcp"));
        assertThat(published()).containsExactly("tcp . 8080 : 10.9.0.2 . 80", "tcp . 8081 : 10.9.0.2 . 81");

        publish(PortMapping.of(8081, 82, "tcp"), PortMapping.of(8082, 83, "udp"));

        assertThat(published()).containsExactly("tcp . 8081 : 10.9.0.2 . 82", "udp . 8082 : 10.9.0.2 . 83");
        publish();
        assertThat(published()).isEmpty();
    }

    @Test
    void tableThatAnotherProgramHasChangedIsMadeAnewWhenTheChangeIsNoticed() throws Exception {
        publish(PortMapping.of(8080, 80, "tcp"), PortMapping.of(8081, 81, "tcp"));
        nft("flush", "map", "inet", TABLE, "any4");

        publish(PortMapping.of(8081, 81, "tcp"), PortMapping.of(8082, 82, "tcp"));

        assertThat(published()).containsExactly("tcp . 8081 : 10.9.0.2 . 81", "tcp . 8082 : 10.9.0.2 . 82");

        nft("delete", "table", "inet", TABLE);

        publish(PortMapping.of(8081, 81, "tcp"));

        assertThat(published()).containsExactly("tcp . 8081 : 10.9.0.2 . 81");
    }
}
