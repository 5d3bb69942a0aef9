package dev.wherry.daemon.container.lifecycle;

import static dev.wherry.daemon.BusyboxHost.config;
import static dev.wherry.daemon.BusyboxHost.removed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.BusyboxHost;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.error.NotFoundException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** An attachment knows the exit of its run, also of a container that is removed at its exit. */
class AttachedRunTest {

    private static BusyboxHost host;

    @BeforeAll
    static void open() throws Exception {
        host = new BusyboxHost();
    }

    @AfterAll
    static void close() throws Exception {
        host.close();
    }

    @RepeatedTest(10)
    void attachmentBeforeTheStartGetsTheExitCode() throws Exception {
        Container container = host.lifecycle.create("", removed("sh", "-c", "exit 15"));
        try (AttachedRun run = host.lifecycle.attach(container.id(), false)) {
            host.lifecycle.start(container.id());
            BusyboxHost.Output output = new BusyboxHost.Output();
            run.streams().copyTo(output);
            assertThat(run.awaitExit()).isEqualTo(Exit.of(15));
        }
    }

    @RepeatedTest(10)
    void attachmentToARunningContainerGetsTheExitCode() throws Exception {
        Container container = host.lifecycle.create("", removed("sleep", "60"));
        host.lifecycle.start(container.id());
        try (AttachedRun run = host.lifecycle.attach(container.id(), false)) {
            host.lifecycle.kill(container.id(), "KILL");
            assertThat(run.awaitExit()).isEqualTo(Exit.of(137));
        }
    }

    @Test
    void attachmentToAContainerThatNeverStartsEndsWithItsRemoval() throws Exception {
        Container container = host.lifecycle.create("", config("true"));
        try (AttachedRun run = host.lifecycle.attach(container.id(), false)) {
            host.lifecycle.remove(container.id(), false, false);
            assertThatThrownBy(run::awaitExit).isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void waitThatBeganBeforeTheRemovalGetsTheExitCode() throws Exception {
        Container container = host.lifecycle.create("", removed("sleep", "60"));
        host.lifecycle.start(container.id());
        CompletableFuture<Exit> exit = new CompletableFuture<>();
        Thread waiter = Thread.ofVirtual().start(() -> {
            try {
                exit.complete(host.lifecycle.await(container.id(), WaitCondition.REMOVED));
            } catch (InterruptedException | RuntimeException failure) {
                exit.completeExceptionally(failure);
            }
        });
        await().until(() -> waiter.getState() == Thread.State.WAITING);
        host.lifecycle.kill(container.id(), "KILL");
        assertThat(exit.get()).isEqualTo(Exit.of(137));
        waiter.join();
    }
}
