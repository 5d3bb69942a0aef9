package dev.wherry.daemon.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.container.SandboxFiles;
import dev.wherry.daemon.pod.SandboxConfig.Dns;
import dev.wherry.daemon.pod.SandboxConfig.Share;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that name a pod and its servers. */
class SandboxNameFilesTest {

    @TempDir
    private Path folder;

    private String written(Dns dns, Share network, String file) throws Exception {
        SandboxFiles files = new SandboxFiles(folder, folder.resolve("net"));
        SandboxConfig config = new SandboxConfig(
                "web",
                "uid",
                "default",
                0,
                "web",
                "",
                dns,
                List.of(),
                Map.of(),
                Map.of(),
                "",
                SandboxLimits.NONE,
                Map.of(),
                network,
                Share.CONTAINER,
                Share.POD,
                false,
                "",
                null);
        SandboxNameFiles.write(files, config, "web", List.of("10.0.0.2", "fd00::2"));
        return Files.readString(files.names().resolve(file));
    }

    @Test
    void resolverIsWhatIsGivenAndNothingElse() throws Exception {
        Dns dns = new Dns(List.of("192.0.2.1", "192.0.2.2"), List.of("a.example", "b.example"), List.of("ndots:5"));
        assertThat(written(dns, Share.POD, "resolv.conf")).isEqualTo("""
                search a.example b.example
                nameserver 192.0.2.1
                nameserver 192.0.2.2
                options ndots:5
                """);
        assertThat(written(new Dns(List.of("192.0.2.1"), List.of(), List.of()), Share.NODE, "resolv.conf"))
                .isEqualTo("nameserver 192.0.2.1\n");
    }

    @Test
    void resolverIsTheHostsWhereNothingIsGiven() throws Exception {
        Dns none = new Dns(List.of(), List.of(), List.of());
        assertThat(written(none, Share.NODE, "resolv.conf")).isEqualTo(Files.readString(Path.of("/etc/resolv.conf")));
        assertThat(written(none, Share.POD, "resolv.conf"))
                .contains("nameserver")
                .doesNotContain("nameserver 127.");
    }

    @Test
    void hostsNameThePod() throws Exception {
        Dns none = new Dns(List.of(), List.of(), List.of());
        assertThat(written(none, Share.POD, "hosts"))
                .startsWith("127.0.0.1\tlocalhost\n")
                .endsWith("10.0.0.2\tweb\nfd00::2\tweb\n");
        assertThat(written(none, Share.POD, "hostname")).isEqualTo("web\n");
    }
}
