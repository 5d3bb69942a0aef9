package dev.wherry.daemon.container.lifecycle;

import static dev.wherry.daemon.BusyboxHost.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.BusyboxHost;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.linux.Mounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The mode of a file system in memory, at the first start of a container and at the second, with the real runc. */
class MemoryMountsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static BusyboxHost host;

    @BeforeAll
    static void open() throws Exception {
        host = new BusyboxHost();
    }

    @AfterAll
    static void close() throws Exception {
        for (Container container : host.containers.list(true)) {
            host.lifecycle.remove(container.id(), true, false);
        }
        // Snapshots are removed in the background.
        await().untilAsserted(() ->
                assertThat(FileTrees.list(host.layout.snapshots())).hasSize(1));
        host.close();
    }

    private static ContainerConfig with(MountRequest mount) throws Exception {
        ObjectNode config = JSON.valueToTree(config("sleep", "1000"));
        config.set("mounts", JSON.valueToTree(List.of(mount)));
        return JSON.treeToValue(config, ContainerConfig.class);
    }

    @ParameterizedTest(name = "{0} with mode {1}: {2}")
    @CsvSource({"/new/folder, 0, 1777", "/etc, 0, 755", "/new, 1770, 1770", "/etc, 1770, 1770", "/etc, 700, 700"})
    void modeIsTheOneAskedForOrThatOfTheFolderAtEveryStart(String target, String mode, String expected)
            throws Exception {
        MountRequest mount = new MountRequest(
                MountRequest.Type.TMPFS, "", target, false, "", false, false, 0, Integer.parseInt(mode, 8), List.of());
        Container container = host.lifecycle.create("", with(mount));

        List<String> modes = new ArrayList<>();
        for (int start = 0; start < 2; start++) {
            host.lifecycle.start(container.id());
            int pid = host.containers.get(container.id()).pid();
            modes.add(Integer.toOctalString(
                    Inodes.status(Path.of("/proc/" + pid + "/root" + target)).permissions()));
            host.lifecycle.kill(container.id(), "KILL");
            host.lifecycle.await(container.id(), WaitCondition.NOT_RUNNING);
        }

        assertThat(modes).containsExactly(expected, expected);
        await().untilAsserted(() -> assertThat(Mounts.list())
                .filteredOn(each -> each.target().startsWith(host.layout.runningContainers()))
                .isEmpty());
    }
}
