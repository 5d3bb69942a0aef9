package dev.wherry.daemon.container;

import static dev.wherry.daemon.access.Callers.call;
import static dev.wherry.daemon.access.Callers.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.BusyboxHost;
import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.access.Callers;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.lifecycle.WaitCondition;
import dev.wherry.daemon.container.log.LogRequest;
import dev.wherry.daemon.error.ForbiddenException;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.volume.VolumeRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers may do with containers who do not own the host. */
class ContainerAccessTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Caller OPERATOR = Callers.operator(Path.of("/srv"));

    private static final LogRequest ALL =
            new LogRequest(false, OptionalInt.empty(), false, false, Optional.empty(), Optional.empty());

    private static BusyboxHost host;

    @BeforeAll
    static void open() throws IOException {
        host = new BusyboxHost();
    }

    @AfterAll
    static void close() throws Exception {
        host.close();
    }

    /** A config with another value in one place. */
    private static ContainerConfig config(String place, String json) throws IOException {
        ObjectNode tree = JSON.valueToTree(BusyboxHost.config("true"));
        String[] names = place.split("/");
        JsonNode parent = tree;
        for (int i = 0; i < names.length - 1; i++) {
            parent = parent.get(names[i]);
        }
        ((ObjectNode) parent).set(names[names.length - 1], JSON.readTree(json));
        return JSON.treeToValue(tree, ContainerConfig.class);
    }

    private static Throwable creation(ContainerConfig config) {
        return failure(OPERATOR, () -> host.lifecycle.create("", config));
    }

    private static String needsAdmin(String what) {
        return "permission denied: user 1000 has the role operator, and " + what + " needs the role admin";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "isolation/privileged | true | a privileged container",
                "isolation/capAdd | [\"sys_admin\"] | the capability CAP_SYS_ADMIN",
                "isolation/securityOptions | [\"seccomp=unconfined\"] | the security option seccomp",
                "isolation/securityOptions | [\"seccomp={}\"] | the security option seccomp",
                "isolation/securityOptions | [\"apparmor=unconfined\"] | the security option apparmor",
                "isolation/securityOptions | [\"label:disable\"] | the security option label",
                "isolation/securityOptions | [\"systempaths=unconfined\"] | the security option systempaths",
                "isolation/pod/maskedPaths | [] | a path of the kernel that is usually hidden or read-only",
                "isolation/pod/readOnlyPaths | [\"/proc/bus\"] | a path of the kernel that is usually hidden or read-only",
                "network | \"host\" | the host's network namespace",
                "isolation/pid | \"host\" | the host's PID namespace",
                "isolation/ipc | \"host\" | the host's IPC namespace",
                "isolation/uts | \"host\" | the host's UTS namespace",
                "isolation/cgroupNamespace | \"host\" | the host's cgroup namespace",
                "isolation/userNamespace | \"host\" | the host's user namespace",
                "isolation/devices | [{\"hostPath\":\"/dev/kmsg\",\"containerPath\":\"/k\",\"permissions\":\"r\"}]"
                        + " | the device /dev/kmsg",
                "isolation/deviceRules | [\"c 1:11 r\"] | the device rule \"c 1:11 r\"",
                "runtime | \"/usr/bin/crun\" | an OCI runtime that is named by its path",
                "annotations | {\"run.oci.seccomp_bpf_data\":\"x\"} | an annotation",
                "resources/cgroupParent | \"/x\" | a parent of control groups",
                "resources/oomScoreAdj | -1 | an OOM score below 0",
                "resources/oomKillDisable | true | a container without OOM killer"
            })
    void optionThatReachesTheHostNeedsAdmin(String place, String json, String what) throws IOException {
        ContainerConfig config = config(place, json);
        ContainerAccess access = new ContainerAccess(host.containers, host.volumes);

        assertThat(failure(OPERATOR, () -> access.checkCreation(config)))
                .isInstanceOf(ForbiddenException.class)
                .hasMessage(needsAdmin(what));
        access.checkCreation(config);
    }

    @Test
    void creationIsWhereItIsChecked() throws IOException {
        assertThat(creation(config("isolation/privileged", "true")))
                .isInstanceOf(ForbiddenException.class)
                .hasMessage(needsAdmin("a privileged container"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "isolation/capAdd | [\"CHOWN\"]",
                "isolation/capDrop | [\"ALL\"]",
                "isolation/securityOptions | [\"no-new-privileges\"]",
                "isolation/readOnly | true",
                "resources/memory | 67108864",
                "volumes/driver | \"local\""
            })
    void optionThatStaysInTheContainerIsFine(String place, String json) throws Exception {
        Container created = call(OPERATOR, () -> host.lifecycle.create("", config(place, json)));
        host.lifecycle.remove(created.id(), false, true);
    }

    private static ContainerConfig mounting(String mount) throws IOException {
        ObjectNode tree = (ObjectNode)
                JSON.readTree("{\"target\":\"/mnt\",\"readOnly\":false,\"propagation\":\"\",\"createSource\":false,"
                        + "\"nonRecursive\":false,\"tmpfsBytes\":0,\"tmpfsMode\":0,\"tmpfsOptions\":[]}");
        tree.setAll((ObjectNode) JSON.readTree(mount));
        return config("mounts", "[" + tree + "]");
    }

    @Test
    void onlyListedPathsOfTheHostAreMounted() throws Exception {
        Container created =
                call(OPERATOR, () -> host.lifecycle.create("", mounting("{\"type\":\"BIND\",\"source\":\"/srv\"}")));
        host.lifecycle.remove(created.id(), false, false);

        for (String path : new String[] {"/", "/etc", "/srv/../etc", "/srv2"}) {
            assertThat(creation(mounting("{\"type\":\"BIND\",\"createSource\":true,\"source\":\"" + path + "\"}")))
                    .isInstanceOf(ForbiddenException.class)
                    .hasMessage("permission denied: user 1000 has the role operator, which may not mount "
                            + Path.of(path).normalize() + " of the host: an administrator can allow it by"
                            + " \"operator-paths\" in wherryd.yaml")
                    .extracting("lacking")
                    .isEqualTo("operator-paths");
        }
        assertThat(Files.exists(Path.of("/srv2"))).isFalse();
    }

    private static Caller listing(Path... folders) {
        return Callers.operator(folders);
    }

    private static ContainerConfig binding(String source, String more) throws IOException {
        return mounting("{\"type\":\"BIND\",\"source\":\"" + source + "\"" + more + "}");
    }

    /** What a program prints that runs with a mount at /mnt. */
    private static String output(Caller caller, ContainerConfig mounted, String script) throws Exception {
        ObjectNode config = JSON.valueToTree(BusyboxHost.config("sh", "-c", script));
        config.set("mounts", JSON.valueToTree(mounted).get("mounts"));
        Container created =
                call(caller, () -> host.lifecycle.create("", JSON.treeToValue(config, ContainerConfig.class)));
        host.lifecycle.start(created.id());
        host.lifecycle.await(created.id(), WaitCondition.NOT_RUNNING);
        BusyboxHost.Output output = new BusyboxHost.Output();
        host.logs.read(created.id(), ALL, output);
        return output.out() + output.err();
    }

    @Test
    void folderBelowAListedOneIsMounted(@TempDir Path listed) throws Exception {
        Files.createDirectories(listed.resolve("team/app"));
        Files.writeString(listed.resolve("team/app/file"), "inside");
        Files.createSymbolicLink(listed.resolve("current"), Path.of("team/app"));

        assertThat(output(listing(listed), binding(listed + "/team/app", ""), "cat /mnt/file"))
                .isEqualTo("inside");
        assertThat(output(listing(listed), binding(listed + "/current/file", ""), "cat /mnt"))
                .isEqualTo("inside");
    }

    @Test
    void missingFolderIsMadeWithinTheListedOne(@TempDir Path listed) throws Exception {
        output(listing(listed), binding(listed + "/new/deep", ",\"createSource\":true"), "echo > /mnt/here");

        assertThat(listed.resolve("new/deep/here")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"createSource\":true"})
    void linkOutOfTheListedFolderIsRefused(String more, @TempDir Path listed, @TempDir Path outside) throws Exception {
        Files.writeString(outside.resolve("secret"), "secret");
        Files.createSymbolicLink(listed.resolve("absolute"), outside);
        Files.createSymbolicLink(listed.resolve("relative"), listed.relativize(outside));
        Files.createSymbolicLink(listed.resolve("root"), Path.of("/proc/self/root"));

        for (String path : new String[] {"absolute", "absolute/secret", "relative", "root/etc", "absolute/new"}) {
            ContainerConfig config = binding(listed + "/" + path, more);
            assertThat(failure(listing(listed), () -> host.lifecycle.create("", config)))
                    .isInstanceOf(ForbiddenException.class)
                    .hasMessageContaining("leads out of " + listed);
        }
        assertThat(outside.resolve("new")).doesNotExist();
    }

    @Test
    void folderThatTurnsIntoALinkIsNotFollowedAtTheStart(@TempDir Path listed, @TempDir Path outside) throws Exception {
        Path folder = Files.createDirectory(listed.resolve("folder"));
        Container created = call(
                listing(listed), () -> host.lifecycle.create("", binding(folder + "/new", ",\"createSource\":true")));
        Files.delete(folder);
        Files.createSymbolicLink(folder, outside);

        assertThat(failure(Caller.DAEMON, () -> host.lifecycle.start(created.id())))
                .isInstanceOf(ForbiddenException.class);
        assertThat(outside.resolve("new")).doesNotExist();
    }

    @Test
    void mountBelowAListedFolderDoesNotPropagate(@TempDir Path listed) throws Exception {
        Files.createDirectory(listed.resolve("folder"));

        assertThat(failure(
                        listing(listed),
                        () -> host.lifecycle.create("", binding(listed + "/folder", ",\"propagation\":\"rshared\""))))
                .hasMessage(needsAdmin("the propagation rshared of a mount below " + listed));
    }

    @Test
    void containersAreEnteredWhoseMountsCannotLeadOut(@TempDir Path listed) throws Exception {
        Path folder = Files.createDirectory(listed.resolve("folder"));
        Container own = call(listing(listed), () -> host.lifecycle.create("", binding(folder.toString(), "")));
        Container admins = host.lifecycle.create("", binding(folder.toString(), ""));
        Container admins2 = host.lifecycle.create("", binding(listed.toString(), ""));

        assertThat(failure(listing(listed), () -> host.lifecycle.checkEntry(own)))
                .isNull();
        assertThat(failure(listing(listed), () -> host.lifecycle.checkEntry(admins2)))
                .isNull();
        assertThat(failure(listing(listed), () -> host.lifecycle.checkEntry(admins)))
                .isInstanceOf(ForbiddenException.class);
        assertThat(failure(listing(listed, listed.getParent()), () -> host.lifecycle.checkEntry(own)))
                .isInstanceOf(ForbiddenException.class);
    }

    @Test
    void mountsOfAnAdminsContainerBelowAListedFolderAreConfinedWhenTaken(@TempDir Path listed, @TempDir Path outside)
            throws Exception {
        Path folder = Files.createDirectory(listed.resolve("folder"));
        Container admins = host.lifecycle.create("", binding(folder.toString(), ""));
        Container taking = call(
                listing(listed),
                () -> host.lifecycle.create("", config("volumes/containers", "[\"" + admins.id() + "\"]")));
        Files.delete(folder);
        Files.createSymbolicLink(folder, outside);

        assertThat(failure(Caller.DAEMON, () -> host.lifecycle.start(taking.id())))
                .isInstanceOf(ForbiddenException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none | /etc | bind",
                "none | /srv/below | bind",
                "none | /etc | ro,rbind",
                "tmpfs | /etc | bind",
                "ext4 | /dev/sda1 | ''",
                "nfs | :/export | addr=127.0.0.1",
                "tmpfs | tmpfs | size=1m,suid"
            })
    void volumeOfTheHostIsAsForbiddenAsAMount(String type, String device, String flags) {
        VolumeRequest request = new VolumeRequest("host-files", "", options(type, device, flags), Map.of());

        assertThat(failure(OPERATOR, () -> host.volumes.create(request))).isInstanceOf(ForbiddenException.class);
        assertThat(host.volumes.find("host-files")).isEmpty();
    }

    private static Map<String, String> options(String type, String device, String flags) {
        return flags.isEmpty()
                ? Map.of("type", type, "device", device)
                : Map.of("type", type, "device", device, "o", flags);
    }

    @Test
    void volumeOfAListedPathOrOfMemoryIsFine() {
        call(
                OPERATOR,
                () -> host.volumes.create(new VolumeRequest("listed", "", options("none", "/srv", "bind"), Map.of())));
        call(
                OPERATOR,
                () -> host.volumes.create(
                        new VolumeRequest("memory", "", options("tmpfs", "tmpfs", "size=1m,uid=5"), Map.of())));
    }

    @Test
    void volumeThatAnAdminMadeOfTheHostCannotBeUsed() throws IOException {
        host.volumes.create(new VolumeRequest("admins", "", options("none", "/etc", "bind"), Map.of()));

        assertThat(creation(mounting("{\"type\":\"VOLUME\",\"source\":\"admins\"}")))
                .isInstanceOf(ForbiddenException.class);
    }

    @Test
    void mountsOfAnAdminsContainerCannotBeTaken() throws Exception {
        Container admins = host.lifecycle.create("", mounting("{\"type\":\"BIND\",\"source\":\"/etc\"}"));

        assertThat(creation(config("volumes/containers", "[\"" + admins.id() + "\"]")))
                .isInstanceOf(ForbiddenException.class);
        assertThat(entry(admins)).isInstanceOf(ForbiddenException.class);
    }

    private static Throwable entry(Container container) {
        return failure(OPERATOR, () -> host.lifecycle.checkEntry(container));
    }

    @Test
    void containerThatReachesTheHostCannotBeEnteredOrJoined() throws Exception {
        Container admins = host.lifecycle.create("", config("isolation/pid", "\"host\""));
        Container joining = host.lifecycle.create("", config("isolation/pid", "\"container:" + admins.id() + "\""));

        assertThat(entry(admins)).hasMessage(needsAdmin("the host's PID namespace"));
        assertThat(entry(joining)).hasMessage(needsAdmin("the host's PID namespace"));
        assertThat(creation(config("network", "\"container:" + joining.id() + "\"")))
                .hasMessage(needsAdmin("the host's PID namespace"));
        assertThat(failure(OPERATOR, () -> host.lifecycle.attach(joining.id(), true)))
                .isInstanceOf(ForbiddenException.class);
    }

    @Test
    void containerOfAnAdminThatStaysConfinedCanBeEntered() {
        Container plain = host.lifecycle.create("", BusyboxHost.config("true"));

        assertThat(entry(plain)).isNull();
    }

    @Test
    void updateCannotReachTheHostEither() throws IOException {
        Container plain = host.lifecycle.create("", BusyboxHost.config("true"));
        Resources low = JSON.treeToValue(
                ((ObjectNode) JSON.valueToTree(Resources.DEFAULT)).put("oomScoreAdj", -1), Resources.class);

        assertThat(failure(OPERATOR, () -> host.lifecycle.update(plain.id(), low, Optional.empty())))
                .hasMessage(needsAdmin("an OOM score below 0"));
    }
}
