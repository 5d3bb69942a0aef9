package dev.wherry.daemon.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.HostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Failures of work that nobody waits for. */
class BackgroundTest {

    private final Logger logger = Logger.getLogger(Background.class.getName());
    private final List<LogRecord> logged = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            logged.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
    }

    @AfterEach
    void leave() {
        logger.removeHandler(handler);
    }

    private String logged(Background.Task task) throws InterruptedException {
        Background.start("clear-it", task).join();
        assertThat(logged).hasSize(1);
        return new java.util.logging.SimpleFormatter().formatMessage(logged.getFirst());
    }

    @Test
    void everyKindOfFailureIsLoggedUnderTheNameOfTheTask() throws Exception {
        assertThat(logged(() -> {
                    throw new AssertionError("impossible");
                }))
                .contains("clear-it");
        assertThat(logged.getFirst().getThrown()).hasMessage("impossible");
    }

    @Test
    void errorsForUsersAreOneSentence() throws Exception {
        assertThat(logged(() -> {
                    throw new HostException("the disk is full");
                }))
                .contains("clear-it", "the disk is full");
        assertThat(logged.getFirst().getThrown()).isNull();
    }

    @Test
    void interruptionIsNoFailure() throws Exception {
        Thread task = Background.start("sleep", () -> Thread.sleep(Long.MAX_VALUE));
        task.interrupt();
        task.join();
        assertThat(logged).isEmpty();
    }

    @Test
    void endWaitsForWhatMustBeFinishedAndForWhatThatStarts() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicBoolean done = new AtomicBoolean();
        Background.finish("first", () -> {
            go.await();
            Background.finish("second", () -> done.set(true));
        });

        assertThat(Background.awaitFinished(Duration.ofMillis(1))).isFalse();
        go.countDown();

        assertThat(Background.awaitFinished(Duration.ofMinutes(1))).isTrue();
        assertThat(done).isTrue();
    }

    @Test
    void interruptionWaitsForATaskAndIsKept() {
        FutureTask<Void> task = new FutureTask<>(() -> {
            throw new HostException("done, badly");
        });
        Thread.currentThread().interrupt();
        Thread.ofVirtual().start(task);

        assertThatThrownBy(() -> Background.join(task)).hasMessage("done, badly");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void taskIsCompletedWhenNobodyWaitsAnyMore() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        FutureTask<Void> waiting = new FutureTask<>(() -> {
            Background.complete("whole", Runnable::run, () -> {
                begun.countDown();
                gate.await();
                done.countDown();
            });
            return null;
        });
        Thread waiter = Thread.ofVirtual().start(waiting);
        begun.await();
        waiter.interrupt();
        assertThatThrownBy(waiting::get).hasCauseInstanceOf(InterruptedException.class);
        gate.countDown();
        assertThat(done.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whoWaitsForATaskLearnsWhyItFailed() {
        assertThatThrownBy(() -> Background.complete("whole", Runnable::run, () -> {
                    throw new HostException("no disk");
                }))
                .isInstanceOf(HostException.class)
                .hasMessage("no disk");
        assertThat(logged).isEmpty();
    }
}
