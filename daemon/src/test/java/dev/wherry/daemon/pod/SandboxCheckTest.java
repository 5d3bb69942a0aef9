package dev.wherry.daemon.pod;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.BusyboxHost;
import dev.wherry.daemon.container.config.PortBinding;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.pod.SandboxConfig.Dns;
import dev.wherry.daemon.pod.SandboxConfig.Share;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.runtime.spec.IdMapping;
import dev.wherry.daemon.runtime.spec.UserMappings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a sandbox may be asked for with. */
class SandboxCheckTest {

    private static final OciRuntime RUNTIME = BusyboxHost.runtime("runc");

    private String name = "web";
    private String hostname = "web";
    private String logs = "/var/log/pods/web";
    private Dns dns = new Dns(List.of("192.0.2.1"), List.of("a.example"), List.of("ndots:5"));
    private List<PortBinding> ports = List.of(new PortBinding(80, "tcp", "", 8080, 0));
    private Map<String, String> annotations = Map.of();
    private Map<String, String> sysctls = Map.of("net.ipv4.ip_forward", "1", "kernel.shmmax", "65536");
    private Share network = Share.POD;
    private Share ipc = Share.POD;
    private String runtime = "";
    private UserMappings users;

    private void check() {
        SandboxCheck.check(
                new SandboxConfig(
                        name,
                        "uid",
                        "default",
                        0,
                        hostname,
                        logs,
                        dns,
                        ports,
                        Map.of(),
                        annotations,
                        "",
                        SandboxLimits.NONE,
                        sysctls,
                        network,
                        Share.CONTAINER,
                        ipc,
                        false,
                        runtime,
                        users),
                RUNTIME);
    }

    private void isRefused(String reason) {
        assertThatThrownBy(this::check)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void usualPodIsFine() {
        assertThatCode(this::check).doesNotThrowAnyException();
    }

    @Test
    void userNamespaceHasARootAndSharesNothingWithTheHost() {
        users = new UserMappings(new IdMapping(0, 1000, 65536), new IdMapping(0, 2000, 65536));
        usualPodIsFine();
        sysctls = Map.of();
        ipc = Share.NODE;
        isRefused("hostUsers");
        ipc = Share.POD;
        network = Share.NODE;
        isRefused("hostUsers");
        network = Share.POD;
        users = new UserMappings(new IdMapping(1, 1000, 65536), new IdMapping(0, 1000, 65536));
        isRefused("maps no root");
        users = new UserMappings(new IdMapping(0, 1000, 0), new IdMapping(0, 1000, 65536));
        isRefused("maps no root");
        users = new UserMappings(new IdMapping(0, 0xffff_0000L, 65536), new IdMapping(0, 1000, 65536));
        isRefused("maps no root");
    }

    @Test
    void podNeedsAName() {
        name = "";
        isRefused("needs a name");
    }

    @Test
    void hostnameIsAName() {
        hostname = "web\nnameserver";
        isRefused("hostname");
    }

    @Test
    void logDirectoryDoesNotClimb() {
        logs = "/var/log/../../etc";
        isRefused("log directory");
        logs = "relative";
        isRefused("log directory");
    }

    @Test
    void parametersAreThoseOfThePodsNamespaces() {
        sysctls = Map.of("kernel.panic", "1");
        isRefused("kernel.panic");
        sysctls = Map.of("net/../kernel/panic", "1");
        isRefused("malformed");
        sysctls = Map.of("net.ipv4.ip_forward", "1");
        network = Share.NODE;
        isRefused("shares the host's network");
        sysctls = Map.of("kernel.shmmax", "1");
        ipc = Share.NODE;
        isRefused("shares the host's IPC");
    }

    @Test
    void linesOfTheResolverAreWords() {
        dns = new Dns(List.of(), List.of("a\nnameserver 192.0.2.9"), List.of());
        isRefused("not a word");
        dns = new Dns(List.of("example.org"), List.of(), List.of());
        isRefused("by its address");
    }

    @Test
    void portsArePorts() {
        ports = List.of(new PortBinding(70_000, "tcp", "", 80, 0));
        isRefused("port mapping");
    }

    @Test
    void notesAreBounded() {
        annotations = Map.of("big", "x".repeat(SandboxCheck.LARGEST_NOTES));
        isRefused("larger than 512 KiB");
    }

    @Test
    void runtimeIsNamedAndNoPath() {
        runtime = "/bin/sh";
        isRefused("runtime handler");
        runtime = "absent";
        isRefused("absent");
    }
}
