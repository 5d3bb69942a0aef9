package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Waits until a daemon that was killed and started again has put everything in order. */
final class Settling {

    private static final Duration POLL = Duration.ofMillis(50);

    private Settling() {}

    /**
     * Fails when something is wrong for too long, or the daemon has logged an error.
     *
     * @param wrong what is wrong at the moment
     * @param story told with a failure: what led here
     * @return milliseconds until nothing was wrong
     */
    static long require(Daemon daemon, Duration atMost, Callable<List<String>> wrong, Supplier<String> story)
            throws Exception {
        long begin = System.nanoTime();
        try {
            Awaitility.await()
                    .atMost(atMost)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .until(() -> wrong.call().isEmpty());
        } catch (ConditionTimeoutException never) {
            assertThat(wrong.call()).as(story).isEmpty();
        }
        long took = Duration.ofNanos(System.nanoTime() - begin).toMillis();
        assertThat(daemon.log()).as(story).doesNotContain("Exception", "ERROR");
        return took;
    }
}
