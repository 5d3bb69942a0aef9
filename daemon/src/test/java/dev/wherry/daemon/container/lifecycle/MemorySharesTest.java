package dev.wherry.daemon.container.lifecycle;

import static dev.wherry.daemon.access.Callers.call;
import static dev.wherry.daemon.access.Callers.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.BusyboxHost;
import dev.wherry.daemon.access.AccessSettings;
import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.access.RoleBinding;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.runtime.cgroup.Resources;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemorySharesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MIB = 1 << 20;

    private BusyboxHost host;

    @BeforeEach
    void open() throws IOException {
        host = new BusyboxHost();
        bind("group:ci=operator memory=100MiB", "group:other=operator memory=100MiB");
    }

    @AfterEach
    void close() throws Exception {
        host.close();
    }

    private void bind(String... bindings) {
        host.quotas.use(new AccessSettings(
                List.of(bindings).stream().map(RoleBinding::parse).toList(), true, List.of(), List.of(), List.of()));
    }

    private Caller caller(String owner) {
        return new Caller(
                "user 1000", "operator", false, List.of(), List.of(), List.of(), host.quotas.of(owner), false);
    }

    private static ContainerConfig config(long memory) throws IOException {
        ObjectNode tree = JSON.valueToTree(BusyboxHost.config("sleep", "1000"));
        tree.set("resources", JSON.valueToTree(limit(memory)));
        return JSON.treeToValue(tree, ContainerConfig.class);
    }

    private static Resources limit(long memory) throws IOException {
        return JSON.treeToValue(
                ((ObjectNode) JSON.valueToTree(Resources.DEFAULT)).put("memory", memory), Resources.class);
    }

    private Container create(String owner, long memory) throws IOException {
        ContainerConfig config = config(memory);
        return call(caller(owner), () -> host.lifecycle.create("", config));
    }

    private Throwable start(Container container) {
        return failure(Caller.DAEMON, () -> host.lifecycle.start(container.id()));
    }

    @Test
    void containerWithoutALimitOrWithTooLargeAOneIsNotCreated() throws IOException {
        ContainerConfig free = config(0);
        ContainerConfig large = config(101 * MIB);

        assertThat(failure(caller("group:ci"), () -> host.lifecycle.create("", free)))
                .isInstanceOf(ExhaustedException.class)
                .hasMessage(
                        "memory quota: each container needs a limit (--memory), since the containers of group:ci may"
                                + " have 100MiB together");
        assertThat(failure(caller("group:ci"), () -> host.lifecycle.create("", large)))
                .hasMessage("memory quota: the containers of group:ci may have 100MiB together, of which 0 bytes are in"
                        + " use: this one needs 101MiB");
        assertThat(host.containers.list()).isEmpty();
    }

    @Test
    void onlySoManyContainersOfAnOwnerRunAsTheirLimitsAllow() throws Exception {
        Container first = create("group:ci", 60 * MIB);
        Container second = create("group:ci", 60 * MIB);
        Container others = create("group:other", 60 * MIB);
        Container nobodys = host.lifecycle.create("", config(0));

        assertThat(start(first)).isNull();
        assertThat(start(second))
                .isInstanceOf(ExhaustedException.class)
                .hasMessage("memory quota: the containers of group:ci may have 100MiB together, of which 60MiB are in"
                        + " use: this one needs 60MiB");
        assertThat(start(others)).isNull();
        assertThat(start(nobodys)).isNull();
        host.lifecycle.kill(first.id(), "");
        host.lifecycle.await(first.id(), WaitCondition.NOT_RUNNING);
        assertThat(start(second)).isNull();
    }

    @Test
    void ownersOutliveTheDaemon() throws Exception {
        Container first = create("group:ci", 60 * MIB);
        Container second = create("group:ci", 60 * MIB);
        assertThat(start(first)).isNull();

        host.restart();

        assertThat(start(second)).isInstanceOf(ExhaustedException.class);
    }

    @Test
    void updateOfARunningContainerKeepsToTheQuota() throws Exception {
        Container first = create("group:ci", 60 * MIB);
        Container second = create("group:ci", 40 * MIB);
        assertThat(start(first)).isNull();
        assertThat(start(second)).isNull();
        Resources more = limit(50 * MIB);

        assertThat(failure(Caller.DAEMON, () -> host.lifecycle.update(second.id(), more, Optional.empty())))
                .isInstanceOf(ExhaustedException.class);
        host.lifecycle.update(first.id(), limit(50 * MIB), Optional.empty());
        host.lifecycle.update(second.id(), more, Optional.empty());
    }

    @Test
    void quotaOfTheConfigurationThatHoldsNowCounts() throws Exception {
        Container first = create("group:ci", 60 * MIB);
        Container second = create("group:ci", 60 * MIB);
        assertThat(start(first)).isNull();
        bind("group:ci=operator memory=120MiB");

        assertThat(start(second)).isNull();
    }

    @Test
    void reservationsOfStartsThatFailAreGivenBack() throws Exception {
        ObjectNode tree = JSON.valueToTree(config(60 * MIB));
        tree.set("args", JSON.valueToTree(List.of("/absent")));
        ContainerConfig failing = JSON.treeToValue(tree, ContainerConfig.class);
        Container broken = call(caller("group:ci"), () -> host.lifecycle.create("", failing));
        Container fine = create("group:ci", 60 * MIB);

        assertThat(start(broken)).isNotNull();
        assertThat(start(fine)).isNull();
    }
}
