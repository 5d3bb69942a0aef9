package dev.wherry.daemon.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.access.AccessSettings;
import dev.wherry.daemon.access.Quota;
import dev.wherry.daemon.access.Quotas;
import dev.wherry.daemon.access.RoleBinding;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.StepProgress;
import dev.wherry.daemon.builder.progress.Warning;
import dev.wherry.daemon.error.CancelledException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BuildQueueTest {

    private final Quotas quotas = new Quotas(AccessSettings.DEFAULT);
    private final BuildQueue queue = new BuildQueue(quotas);

    private Quota bound(String... bindings) {
        quotas.use(new AccessSettings(
                Stream.of(bindings).map(RoleBinding::parse).toList(), true, List.of(), List.of(), List.of()));
        return quotas.of("group:ci");
    }

    /** What a client sees of the queue: the names of steps, and how they end. */
    private static final class Seen implements BuildProgress {
        private final BlockingQueue<String> steps = new LinkedBlockingQueue<>();

        @Override
        public StepProgress step(Step step) {
            return new StepProgress() {
                @Override
                public void started() {
                    steps.add(step.name());
                }

                @Override
                public void cached() {}

                @Override
                public void joined(Duration running) {}

                @Override
                public void output(Stream stream, byte[] data) {}

                @Override
                public void transferred(String item, long current, long total) {}

                @Override
                public void offered(String shell, String problem) {}

                @Override
                public void ended(Duration duration, Optional<String> error) {
                    steps.add(error.orElse("done"));
                }
            };
        }

        @Override
        public void warning(Warning warning) {}
    }

    @Test
    void buildsWithoutABoundDoNotWait() {
        Seen seen = new Seen();
        try (BuildQueue.Turn _ = queue.await(Quota.NONE, seen);
                BuildQueue.Turn _ = queue.await(Quota.NONE, seen)) {
            assertThat(seen.steps).isEmpty();
        }
    }

    @Test
    void furtherBuildsWaitInOrderAndTheirClientsSeeIt() throws Exception {
        Quota quota = bound("group:ci=builder builds=1", "group:other=builder builds=1");
        Seen second = new Seen();
        Seen third = new Seen();
        BlockingQueue<String> begun = new LinkedBlockingQueue<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            BuildQueue.Turn first = queue.await(quota, new Seen());
            threads.submit(() -> build(quota, second, "second", begun));
            assertThat(second.steps.take()).isEqualTo("waiting for 1 build of group:ci, of which 1 may run at once");
            threads.submit(() -> build(quota, third, "third", begun));
            assertThat(third.steps.take()).isEqualTo("waiting for 2 builds of group:ci, of which 1 may run at once");
            assertThat(queue.waiting()).isEqualTo(2);
            try (BuildQueue.Turn _ = queue.await(quotas.of("group:other"), new Seen())) {
                assertThat(begun)
                        .as("other owners do not wait, and nobody runs early")
                        .isEmpty();
            }
            first.close();

            assertThat(begun.take()).isEqualTo("second");
            assertThat(begun.take()).isEqualTo("third");
        }
        assertThat(second.steps.take()).isEqualTo("done");
        assertThat(queue.waiting()).isZero();
    }

    private void build(Quota quota, BuildProgress progress, String name, BlockingQueue<String> begun) {
        try (BuildQueue.Turn _ = queue.await(quota, progress)) {
            begun.add(name);
        }
    }

    @Test
    void cancelledBuildLeavesTheQueue() throws Exception {
        Quota quota = bound("group:ci=builder builds=1");
        Seen cancelled = new Seen();
        Seen next = new Seen();
        BlockingQueue<String> begun = new LinkedBlockingQueue<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try (BuildQueue.Turn _ = queue.await(quota, new Seen())) {
                Thread waiting = Thread.ofVirtual()
                        .start(() -> assertThatThrownBy(() -> build(quota, cancelled, "cancelled", begun))
                                .isInstanceOf(CancelledException.class));
                cancelled.steps.take();
                Future<?> after = threads.submit(() -> build(quota, next, "next", begun));
                next.steps.take();
                waiting.interrupt();
                waiting.join();

                assertThat(cancelled.steps.take()).isEqualTo("the build was cancelled");
                assertThat(queue.waiting()).isEqualTo(1);
                assertThat(after.isDone()).isFalse();
            }
            assertThat(begun.take()).isEqualTo("next");
        }
        assertThat(begun).isEmpty();
        // Nothing is left of an owner without builds.
        try (BuildQueue.Turn _ = queue.await(quota, cancelled)) {
            assertThat(cancelled.steps).isEmpty();
        }
    }

    @Test
    void higherBoundLetsMoreRunWhenSomethingMoves() throws Exception {
        Quota quota = bound("group:ci=builder builds=1");
        Seen waiting = new Seen();
        BlockingQueue<String> begun = new LinkedBlockingQueue<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                BuildQueue.Turn _ = queue.await(quota, new Seen())) {
            threads.submit(() -> build(quota, waiting, "waiting", begun));
            waiting.steps.take();
            Quota higher = bound("group:ci=builder builds=3");
            // A build that comes later queues up behind, and both run.
            threads.submit(() -> build(higher, new Seen(), "later", begun));
            await().until(() -> begun.size() == 2);
        }
    }
}
