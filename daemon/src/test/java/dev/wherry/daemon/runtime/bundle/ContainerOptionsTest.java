package dev.wherry.daemon.runtime.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.security.Capabilities;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What of a container's options is refused when it is created, and what only warned of. */
class ContainerOptionsTest {

    private static Asking sysctl(String name) {
        return new Asking().sysctl(name, "1");
    }

    private static Asking resources(
            long memory, long reservation, long swap, int swappiness, long cpus, long period, long quota) {
        return new Asking()
                .resources(new Resources(
                        memory,
                        reservation,
                        swap,
                        swappiness,
                        cpus,
                        0,
                        period,
                        quota,
                        "",
                        "",
                        0,
                        0,
                        0,
                        false,
                        "",
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of()));
    }

    private static Asking other(String cpus, String mems, int weight, int oom, String parent, String device) {
        return new Asking()
                .resources(new Resources(
                        0,
                        0,
                        0,
                        -1,
                        0,
                        0,
                        0,
                        0,
                        cpus,
                        mems,
                        0,
                        weight,
                        oom,
                        false,
                        parent,
                        device.isEmpty() ? List.of() : List.of(new Resources.Rate(device, 1)),
                        List.of(),
                        List.of(),
                        List.of()));
    }

    static Stream<Arguments> wrong() {
        long mib = 1 << 20;
        return Stream.of(
                Arguments.of("capability to add", new Asking().capAdd("FLY")),
                Arguments.of("capability to drop", new Asking().capDrop("CAP_FLY")),
                Arguments.of("security option", new Asking().security("magic")),
                Arguments.of("seccomp profile", new Asking().security("seccomp=/no/file.json")),
                Arguments.of("AppArmor", new Asking().security("apparmor=mine")),
                Arguments.of("true or false", new Asking().security("no-new-privileges=perhaps")),
                Arguments.of("PID namespace", new Asking().pid("theirs")),
                Arguments.of("PID namespace", new Asking().pid("container:")),
                Arguments.of("IPC namespace", new Asking().ipc("theirs")),
                Arguments.of("UTS namespace", new Asking().uts("container:x")),
                Arguments.of("cgroup namespace", new Asking().cgroup("x")),
                Arguments.of("user namespace", new Asking().userNamespace("auto")),
                Arguments.of("whole host", sysctl("kernel.panic")),
                Arguments.of("whole host", sysctl("vm/swappiness")),
                Arguments.of("host's network", sysctl("net.ipv4.ip_forward").network(NetworkMode.HOST)),
                Arguments.of("host's IPC", sysctl("kernel.msgmax").ipc("host")),
                Arguments.of("no device", new Asking().device("/etc/passwd", "/dev/x", "rwm")),
                Arguments.of("not there", new Asking().device("/dev/absent", "/dev/x", "rwm")),
                Arguments.of("permissions", new Asking().device("/dev/null", "/dev/x", "rwx")),
                Arguments.of("absolute", new Asking().device("/dev/null", "x", "rwm")),
                Arguments.of("device cgroup rule", new Asking().deviceRule("d 1:1 r")),
                Arguments.of("resource limit", new Asking().limit("patience", 1, 1)),
                Arguments.of("above the hard", new Asking().limit("nofile", 2, 1)),
                Arguments.of("6 MiB", resources(mib, 0, 0, -1, 0, 0, 0)),
                Arguments.of("less than the memory limit", resources(8 * mib, 0, 7 * mib, -1, 0, 0, 0)),
                Arguments.of("needs a memory limit", resources(0, 0, 8 * mib, -1, 0, 0, 0)),
                Arguments.of("memory reservation", resources(8 * mib, 9 * mib, 0, -1, 0, 0, 0)),
                Arguments.of("memory swappiness", resources(0, 0, 0, 101, 0, 0, 0)),
                Arguments.of("number of CPUs", resources(0, 0, 0, -1, 1000_000_000_000L, 0, 0)),
                Arguments.of("does not go with", resources(0, 0, 0, -1, 500_000_000, 10_000, 0)),
                Arguments.of("CPU period", resources(0, 0, 0, -1, 0, 10, 0)),
                Arguments.of("CPU quota", resources(0, 0, 0, -1, 0, 0, 10)),
                Arguments.of("CPU set", other("0-9999", "", 0, 0, "", "")),
                Arguments.of("CPU set", other("two", "", 0, 0, "", "")),
                Arguments.of("memory node set", other("", "4711", 0, 0, "", "")),
                Arguments.of("block IO weight", other("", "", 5, 0, "", "")),
                Arguments.of("OOM score adjustment", other("", "", 0, 1001, "", "")),
                Arguments.of("no block device", other("", "", 0, 0, "", "/dev/null")));
    }

    @ParameterizedTest(name = "{index} {0}")
    @MethodSource("wrong")
    void wrongOptionsAreRefusedInOneLine(String why, Asking asking) {
        assertThatThrownBy(asking::check)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("\n");
    }

    static Stream<Asking> right() {
        return Stream.of(
                new Asking(),
                new Asking().capAdd("all").capDrop("CAP_MKNOD", "sys_time"),
                new Asking()
                        .security("label=disable", "apparmor=unconfined", "seccomp=builtin", "no-new-privileges:true"),
                sysctl("net.ipv4.ip_forward"),
                sysctl("kernel/shm_rmid_forced"),
                sysctl("fs.mqueue.msg_max"),
                new Asking().userNamespace("host").ipc("shareable"),
                new Asking().limit("nofile", -1, -1),
                resources(6 << 20, 0, -1, 0, 10_000_000, 0, 0),
                other("0", "0", 10, -1000, "/mine", ""));
    }

    @ParameterizedTest
    @MethodSource("right")
    void rightOptionsAreTaken(Asking asking) {
        assertThatCode(asking::check).doesNotThrowAnyException();
    }

    @Test
    void whatHasNoEffectIsWarnedOf() {
        assertThat(new Asking().security("label=type:x").options().warnings())
                .singleElement()
                .asString()
                .contains("label=type:x", "no effect");
        Resources unbounded = new Resources(
                0, 0, 0, -1, 0, 0, 0, 0, "", "", 0, 0, 0, true, "", List.of(), List.of(), List.of(), List.of());
        assertThat(new Asking().resources(unbounded).options().warnings()).hasSize(1);
        assertThat(new Asking().options().warnings()).isEmpty();
    }

    @Test
    void droppingAllAndAddingSomeLeavesThose() {
        assertThat(Capabilities.of(new Asking().capDrop("ALL").capAdd("CHOWN").isolation()))
                .containsExactly("CAP_CHOWN");
        assertThat(Capabilities.of(new Asking().capAdd("ALL").capDrop("CHOWN").isolation()))
                .hasSize(Capabilities.all().size() - 1);
    }
}
