package dev.wherry.daemon.network.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The monitor of the host's own firewall, with a table of the test. */
class ChainMonitorTest {

    private static final String TABLE =
            "wherry-monitor-" + ProcessHandle.current().pid();

    private final Semaphore changes = new Semaphore(0);
    private final ChainMonitor monitor = new ChainMonitor(TABLE, changes::release);

    @BeforeEach
    void begin() throws Exception {
        nft("add", "table", "inet", TABLE);
        nft("add", "chain", "inet", TABLE, "one");
        monitor.start();
        FirewallMonitors.awaitListening();
    }

    @AfterEach
    void end() throws Exception {
        monitor.close();
        nft("add", "table", "inet", TABLE);
        nft("delete", "table", "inet", TABLE);
    }

    private static void nft(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "nft";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private boolean isReported() throws InterruptedException {
        return changes.tryAcquire(10, TimeUnit.SECONDS);
    }

    @Test
    void removedTableIsReported() throws Exception {
        nft("delete", "table", "inet", TABLE);

        assertThat(isReported()).isTrue();
    }

    @Test
    void otherTablesAreNoConcern() throws Exception {
        nft("add", "chain", "inet", TABLE, "two");
        nft("delete", "chain", "inet", TABLE, "two");
        assertThat(isReported()).isTrue();

        nft("add", "table", "inet", TABLE + "-other");
        nft("add", "chain", "inet", TABLE + "-other", "one");
        nft("delete", "table", "inet", TABLE + "-other");
        nft("delete", "chain", "inet", TABLE, "one");
        assertThat(isReported()).isTrue();
        assertThat(changes.availablePermits()).isZero();
    }

    @Test
    void monitorThatEndsIsStartedAgain() throws Exception {
        FirewallMonitors.running().forEach(ProcessHandle::destroyForcibly);
        assertThat(isReported()).as("nobody has watched meanwhile").isTrue();
        FirewallMonitors.awaitListening();

        nft("delete", "table", "inet", TABLE);

        assertThat(isReported()).isTrue();
    }

    @Test
    void closeEndsItsProcesses() {
        List<ProcessHandle> running = FirewallMonitors.running();
        assertThat(running).hasSize(1);

        monitor.close();

        await().untilAsserted(() -> assertThat(running).noneMatch(ProcessHandle::isAlive));
    }
}
