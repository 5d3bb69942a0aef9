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
import dev.wherry.daemon.error.ForbiddenException;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.volume.VolumeRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What callers may do with containers who do not own the host. */
class ContainerAccessTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Caller OPERATOR = Callers.operator(Path.of("/srv"));

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

        for (String path : new String[] {"/", "/etc", "/srv/../etc", "/srv/below"}) {
            assertThat(creation(mounting("{\"type\":\"BIND\",\"createSource\":true,\"source\":\"" + path + "\"}")))
                    .isInstanceOf(ForbiddenException.class)
                    .hasMessage("permission denied: user 1000 has the role operator, which may not mount "
                            + Path.of(path).normalize() + " of the host: an administrator can allow it by"
                            + " \"operator-paths\" in wherryd.yaml")
                    .extracting("lacking")
                    .isEqualTo("operator-paths");
        }
        assertThat(Files.exists(Path.of("/srv/below"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none | /etc | bind",
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
