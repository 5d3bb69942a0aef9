package dev.wherry.daemon.api.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallConnectionTest {

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final CallConnection line = new CallConnection(() -> true, tasks::add, _ -> {}, null, null);

    @Test
    void whatItsThreadHasNotSeenIsBounded() throws Exception {
        line.sent(CallConnection.MOST_UNSEEN - 1);
        line.awaitReady();
        assertThat(tasks).isEmpty();
        line.sent(1);
        CountDownLatch waited = new CountDownLatch(1);
        Thread.startVirtualThread(() -> {
            try {
                line.awaitReady();
                waited.countDown();
            } catch (InterruptedException end) {
                // The test has failed.
            }
        });

        assertThat(waited.await(100, TimeUnit.MILLISECONDS)).isFalse();
        tasks.remove().run();

        assertThat(waited.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(tasks).isEmpty();
    }

    @Test
    void whatIsSentMeanwhileCountsForTheNextTime() throws Exception {
        line.sent(CallConnection.MOST_UNSEEN);
        line.sent(CallConnection.MOST_UNSEEN);
        assertThat(tasks).hasSize(2);

        tasks.remove().run();
        line.sent(1);
        assertThat(tasks).hasSize(1);
        tasks.remove().run();

        line.awaitReady();
    }
}
