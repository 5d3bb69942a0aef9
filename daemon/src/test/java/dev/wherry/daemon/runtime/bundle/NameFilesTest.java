package dev.wherry.daemon.runtime.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is generated, and what stays of an edit. */
class NameFilesTest {

    private static final OwnNames OWN = new OwnNames(
            List.of("172.18.0.2", "fd00::2"),
            List.of("172.18.0.1"),
            Optional.of("172.18.0.1"),
            List.of("172.18.0.9\tdb"));

    @TempDir
    Path folder;

    private void write(OwnNames own) {
        NameFiles.write(folder, new Asking().connected(Path.of("/netns")).process("true"), own);
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    @Test
    void hostsNameTheContainerAtEachOfItsAddresses() throws IOException {
        write(OWN);

        assertThat(read("hosts"))
                .startsWith("127.0.0.1\tlocalhost\n::1\tlocalhost ")
                .endsWith("172.18.0.9\tdb\n172.18.0.2\tbox\nfd00::2\tbox\n");
        assertThat(read("hostname")).isEqualTo("box\n");
    }

    @Test
    void namesOfANetworkAreAskedThere() throws IOException {
        write(OWN);

        assertThat(read("resolv.conf").lines().filter(line -> line.startsWith("nameserver")))
                .containsExactly("nameserver 172.18.0.1");
    }

    @Test
    void linesOfAUserStayAndOldOnesOfOursDoNot() throws IOException {
        write(OWN);
        Files.writeString(folder.resolve("hosts"), read("hosts") + "10.0.0.1 mine\n");
        write(new OwnNames(List.of("172.18.0.3"), List.of(), Optional.empty(), List.of()));

        assertThat(read("hosts")).endsWith("172.18.0.3\tbox\n10.0.0.1 mine\n").doesNotContain("172.18.0.2", "fd00::2");
    }

    @Test
    void resolverThatAUserWroteStays() throws IOException {
        write(OWN);
        Files.writeString(folder.resolve("resolv.conf"), "nameserver 10.0.0.53\n");
        write(OWN);

        assertThat(read("resolv.conf")).isEqualTo("nameserver 10.0.0.53\n");
    }

    @Test
    void resolverThatNobodyEditedFollowsTheNetworks() throws IOException {
        write(OWN);
        write(new OwnNames(List.of(), List.of("172.19.0.1"), Optional.empty(), List.of()));

        assertThat(read("resolv.conf")).contains("172.19.0.1").doesNotContain("172.18.0.1");
    }

    @Test
    void anythingGeneratedIsOursAfterACrashBetweenTheTwoFiles() throws IOException {
        write(OWN);
        Files.writeString(folder.resolve(".resolv.conf"), read("resolv.conf") + "\0nameserver 172.19.0.1\n");
        Files.writeString(folder.resolve("resolv.conf"), "nameserver 172.19.0.1\n");
        write(OWN);

        assertThat(read("resolv.conf")).contains("172.18.0.1").doesNotContain("172.19.0.1");
    }

    @Test
    void hostThatResolvesByItsLoopbackAddressShowsWhatIsBehind() {
        String stub = "nameserver 127.0.0.53\noptions edns0\nsearch lan\n";

        assertThat(HostResolver.reachable(stub, "nameserver 192.0.2.1\nsearch lan\n"))
                .isEqualTo("nameserver 192.0.2.1\nsearch lan\n");
        assertThat(HostResolver.reachable("nameserver 192.0.2.7\nnameserver ::1\n", "nameserver 192.0.2.1\n"))
                .isEqualTo("nameserver 192.0.2.7\n");
        assertThat(HostResolver.reachable(stub, ""))
                .isEqualTo("options edns0\nsearch lan\nnameserver 8.8.8.8\nnameserver 8.8.4.4\n");
    }
}
