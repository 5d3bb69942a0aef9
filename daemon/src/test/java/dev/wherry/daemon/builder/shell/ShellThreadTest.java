package dev.wherry.daemon.builder.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.HostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ShellThreadTest {

    @Test
    void resultsAndFailuresAreThoseOfTheWork() {
        RuntimeException failure = new HostException("failed");

        assertThat(new ShellThread(() -> 3).run()).isEqualTo(3);
        assertThatThrownBy(new ShellThread(() -> {
                    throw failure;
                })::run)
                .isSameAs(failure);
    }

    @Test
    void theWorkIsInterruptedOnceHoweverOftenItIsEnded() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch clearing = new CountDownLatch(1);
        CountDownLatch cleared = new CountDownLatch(1);
        CompletableFuture<Boolean> again = new CompletableFuture<>();
        ShellThread shell = new ShellThread(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException end) {
                clearing.countDown();
                cleared.await();
                again.complete(Thread.interrupted());
            }
            return 0;
        });
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread call = Thread.startVirtualThread(() -> {
            try {
                shell.run();
                ended.complete(null);
            } catch (Throwable thrown) {
                ended.complete(thrown);
            }
        });
        begun.await();
        call.interrupt();
        clearing.await();
        call.interrupt();
        Thread step = Thread.startVirtualThread(shell::end);
        while (step.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(ended).isNotDone();
        cleared.countDown();

        assertThat(again.get()).isFalse();
        assertThat(ended.get()).isInstanceOf(CancelledException.class);
        step.join();
    }
}
