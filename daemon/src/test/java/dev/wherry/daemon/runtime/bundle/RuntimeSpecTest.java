package dev.wherry.daemon.runtime.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import dev.wherry.daemon.runtime.cgroup.CgroupHierarchy;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.security.SeccompProfileTest;
import dev.wherry.daemon.runtime.spec.ExtraMount;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The {@code config.json} of a bundle: as the OCI's published schema wants it, and as asked for. */
class RuntimeSpecTest {

    private static final String SCHEMAS = "classpath:dev/wherry/daemon/runtime/bundle/schema/";
    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4)
            .getSchema(SchemaLocation.of(SCHEMAS + "config-schema.json"));

    @TempDir
    Path folder;

    private Path bundle;
    private Path rootfs;

    @BeforeEach
    void open() throws IOException {
        bundle = Files.createDirectory(folder.resolve("bundle"));
        rootfs = Files.createDirectories(folder.resolve("rootfs"));
        Files.createDirectory(rootfs.resolve("etc"));
        Files.writeString(rootfs.resolve("etc/passwd"), "root:x:0:0::/root:/bin/sh\n");
        Files.writeString(rootfs.resolve("etc/group"), "root:x:0:\naudio:x:29:\n");
    }

    private JsonNode spec(Asking asking) throws IOException {
        try {
            Bundle.write(bundle, bundle, rootfs, asking.process("sh", "-c", "true"), "/wherry/x/y", _ -> Map.of());
        } finally {
            MemoryMounts.unmount(bundle);
        }
        return new ObjectMapper().readTree(bundle.resolve("config.json").toFile());
    }

    static Stream<Arguments> configurations() {
        Path etc = Path.of("/etc");
        Resources all = new Resources(
                64 << 20, 32 << 20, -1, 10, 0, 512, 50_000, 20_000, "0", "0", 100, 300, -500, true, "/else", List.of(),
                List.of(), List.of(), List.of());
        return Stream.of(
                        Map.entry("nothing", new Asking()),
                        Map.entry("host network", new Asking().network(NetworkMode.HOST)),
                        Map.entry("privileged", new Asking().privileged()),
                        Map.entry("read-only", new Asking().readOnly()),
                        Map.entry(
                                "privileged and read-only",
                                new Asking().privileged().readOnly()),
                        Map.entry("more capabilities", new Asking().capAdd("SYS_ADMIN", "cap_net_admin")),
                        Map.entry("no capabilities", new Asking().capDrop("ALL")),
                        Map.entry("all capabilities", new Asking().capAdd("ALL").capDrop("CHOWN")),
                        Map.entry("no seccomp", new Asking().security("seccomp=unconfined", "no-new-privileges")),
                        Map.entry("a seccomp profile", new Asking().security("seccomp=" + SeccompProfileTest.PROFILE)),
                        Map.entry(
                                "bare system paths", new Asking().security("systempaths=unconfined", "label=disable")),
                        Map.entry(
                                "host namespaces",
                                new Asking().pid("host").ipc("host").uts("host").cgroup("host")),
                        Map.entry(
                                "private namespaces",
                                new Asking().pid("private").ipc("none").cgroup("private")),
                        Map.entry("joined namespaces", new Asking().peers(peers())),
                        Map.entry(
                                "kernel parameters",
                                new Asking().sysctl("net.core.somaxconn", "64").domain("example.org")),
                        Map.entry("groups", new Asking().groups("audio", "4711")),
                        Map.entry("a device", new Asking().device("/dev/null", "/dev/nothing", "r")),
                        Map.entry(
                                "device rules",
                                new Asking().deviceRule("c 42:* rmw").deviceRule("a *:* r")),
                        Map.entry("limits", new Asking().limit("nofile", 64, -1).limit("core", -1, -1)),
                        Map.entry("control groups", new Asking().resources(all)),
                        Map.entry("processors", new Asking().resources(Asking.limited(0, 0, -1, 500_000_000))),
                        Map.entry("a first process", new Asking().init()),
                        Map.entry(
                                "mounts",
                                new Asking()
                                        .mount(new ExtraMount.HostPath(etc, "/a/b", true, true, "rprivate", true))
                                        .mount(new ExtraMount.HostPath(etc, "/a", false, false, "rshared", true))
                                        .mount(new ExtraMount.Memory("/t", List.of("noexec", "size=1m")))
                                        .mount(new ExtraMount.Tmpfs("/u", OptionalLong.of(1)))))
                .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    private static JoinedContainers peers() {
        JoinedContainers.Peer self =
                new JoinedContainers.Peer((int) ProcessHandle.current().pid(), Path.of("/etc"), Path.of("/etc"));
        return new JoinedContainers(Optional.of(self), Optional.of(self), Optional.of(self));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("configurations")
    void specIsValidByThePublishedSchema(String name, Asking asking) throws IOException {
        assertThat(SCHEMA.validate(spec(asking))).isEmpty();
    }

    @Test
    void schemaRefusesWhatIsWrong() throws IOException {
        ObjectNode spec = (ObjectNode) spec(new Asking());
        ((ObjectNode) spec.path("linux").path("seccomp")).put("defaultAction", "SCMP_ACT_PERHAPS");
        ((ObjectNode) spec.path("process")).remove("cwd");

        assertThat(SCHEMA.validate(spec)).hasSize(2);
    }

    @Test
    void defaultsAreDockersOrStricter() throws IOException {
        JsonNode spec = spec(new Asking());
        JsonNode capabilities = spec.path("process").path("capabilities");

        assertThat(capabilities.path("bounding")).hasSize(14);
        assertThat(capabilities.has("ambient")).isFalse();
        assertThat(capabilities.has("inheritable")).isFalse();
        assertThat(texts(spec.path("linux").path("maskedPaths")))
                .contains("/proc/kcore", "/proc/keys", "/sys/firmware");
        assertThat(texts(spec.path("linux").path("readonlyPaths"))).contains("/proc/sys", "/proc/sysrq-trigger");
        assertThat(types(spec)).contains("mount", "uts", "pid", "ipc", "network");
        assertThat(types(spec).contains("cgroup")).isEqualTo(CgroupHierarchy.isUnified());
        assertThat(texts(spec.path("linux")
                        .path("seccomp")
                        .path("syscalls")
                        .path(0)
                        .path("names")))
                .contains("read", "chroot")
                .doesNotContain(
                        "mount",
                        "setns",
                        "bpf",
                        "pidfd_getfd",
                        "kexec_load",
                        "keyctl",
                        "userfaultfd",
                        "io_uring_setup");
        assertThat(spec.path("linux")
                        .path("resources")
                        .path("devices")
                        .path(0)
                        .path("allow")
                        .asBoolean())
                .isFalse();
        assertThat(options(spec, "/sys")).contains("ro");
        assertThat(options(spec, "/sys/fs/cgroup")).contains("ro");
    }

    @Test
    void mountsAreMadeFromTheOutsideIn() throws IOException {
        Path etc = Path.of("/etc");
        JsonNode spec = spec(new Asking()
                .mount(new ExtraMount.HostPath(etc, "/a/b/c", false, true, "rprivate", true))
                .mount(new ExtraMount.HostPath(etc, "/etc", false, true, "rprivate", true))
                .mount(new ExtraMount.Memory("/a", List.of("noexec"))));

        assertThat(targets(spec)).containsSubsequence("/a", "/a/b/c").containsSubsequence("/etc", "/etc/hosts");
        assertThat(options(spec, "/a/b/c")).contains("rbind", "rprivate");
    }

    @Test
    void aReadOnlyFileIsNotReadOnlyRecursively() throws IOException {
        JsonNode spec = spec(new Asking()
                .mount(new ExtraMount.HostPath(Path.of("/etc/passwd"), "/file", true, true, "rprivate", true))
                .mount(new ExtraMount.HostPath(Path.of("/etc"), "/folder", true, true, "rprivate", true)));

        assertThat(options(spec, "/file")).contains("ro").doesNotContain("rro");
        assertThat(options(spec, "/folder")).contains("ro");
    }

    @Test
    void crunMakesNoGroupBelowTheScope() throws IOException {
        JsonNode annotations = spec(new Asking()).path("annotations");

        assertThat(annotations.path("run.oci.systemd.subgroup").asText(null)).isEmpty();
    }

    @Test
    void whatIsAskedForTakesThePlaceOfTheUsual() throws IOException {
        JsonNode spec = spec(new Asking()
                .mount(new ExtraMount.HostPath(Path.of("/dev"), "/dev", false, true, "rslave", true))
                .mount(new ExtraMount.HostPath(Path.of("/etc/passwd"), "/etc/hosts", true, true, "rprivate", true)));

        assertThat(targets(spec))
                .doesNotContain("/dev/pts", "/dev/shm", "/dev/mqueue")
                .containsOnlyOnce("/etc/hosts");
        assertThat(spec.path("linux").path("rootfsPropagation").asText()).isEqualTo("slave");
    }

    @Test
    void memoryIsBoundWithTheFlagsOfItsMount() throws IOException {
        JsonNode spec = spec(new Asking()
                .mount(new ExtraMount.Memory("/t", List.of("noexec", "nosuid", "size=1m", "mode=1770", "ro"))));

        assertThat(options(spec, "/t")).containsExactly("bind", "noexec", "nosuid", "ro", "rprivate");
    }

    @Test
    void readOnlyRootLeavesMemoryWritable() throws IOException {
        JsonNode spec = spec(new Asking().readOnly());

        assertThat(spec.path("root").path("readonly").asBoolean()).isTrue();
        assertThat(options(spec, "/etc/hosts")).contains("ro");
        assertThat(options(spec, "/dev/shm")).doesNotContain("ro");
        assertThat(options(spec, "/proc")).doesNotContain("ro");
    }

    @Test
    void joinedNamespacesAreThoseOfTheOther() throws IOException {
        JsonNode spec = spec(new Asking().peers(peers()));
        String process = "/proc/" + ProcessHandle.current().pid();

        assertThat(spec.path("linux").path("namespaces").toString())
                .contains(process + "/ns/net", process + "/ns/pid", process + "/ns/ipc");
        assertThat(StreamSupport.stream(spec.path("mounts").spliterator(), false)
                        .map(mount -> mount.path("source").asText()))
                .contains("/etc/hosts", "/etc/resolv.conf", "/etc/shm");
        assertThat(bundle.resolve("hosts")).doesNotExist();
    }

    private static List<String> targets(JsonNode spec) {
        return StreamSupport.stream(spec.path("mounts").spliterator(), false)
                .map(mount -> mount.path("destination").asText())
                .toList();
    }

    private static List<String> options(JsonNode spec, String target) {
        return StreamSupport.stream(spec.path("mounts").spliterator(), false)
                .filter(mount -> mount.path("destination").asText().equals(target))
                .map(mount -> texts(mount.path("options")))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> types(JsonNode spec) {
        return StreamSupport.stream(spec.path("linux").path("namespaces").spliterator(), false)
                .map(namespace -> namespace.path("type").asText())
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
