package dev.wherry.daemon.builder.solver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.HostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FailurePauseTest {

    private final FailurePause pause = new FailurePause();
    private final RuntimeException first = new HostException("first");
    private final RuntimeException second = new HostException("second");

    @Test
    void withoutAPauseABuildEndsWithItsFailure() {
        assertThat(pause.end(second)).isSameAs(second);
    }

    @Test
    void otherFailuresWaitAndTheBuildEndsWithTheFirst() throws Exception {
        CompletableFuture<RuntimeException> other = new CompletableFuture<>();
        pause.during(first, () -> {
            Thread waiting = Thread.ofVirtual().start(() -> other.complete(pause.end(second)));
            while (waiting.getState() != Thread.State.WAITING) {
                assertThat(other).isNotDone();
                Thread.onSpinWait();
            }
        });

        assertThat(other.get()).isSameAs(first);
        assertThat(pause.end(first)).isSameAs(first);
    }

    @Test
    void thereIsOnePauseOnly() {
        CountDownLatch pauses = new CountDownLatch(2);
        pause.during(first, () -> pause.during(second, pauses::countDown));
        pause.during(second, pauses::countDown);

        assertThat(pauses.getCount()).isEqualTo(2);
    }

    @Test
    void aCancelledBuildDoesNotWait() {
        RuntimeException cancelled = new CancelledException("cancelled");
        pause.during(first, () -> assertThat(pause.end(cancelled)).isSameAs(cancelled));
    }

    @Test
    void anInterruptionEndsTheWait() {
        pause.during(first, () -> {
            Thread.currentThread().interrupt();
            assertThat(pause.end(second)).isSameAs(second);
            assertThat(Thread.interrupted()).isTrue();
        });
    }
}
