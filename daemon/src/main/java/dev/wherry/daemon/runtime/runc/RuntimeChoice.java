package dev.wherry.daemon.runtime.runc;

import dev.wherry.daemon.background.Background;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Holds the runtime of what asks for none. It is chosen when it is first needed. A second choice is reconsidered, since
 * a trial can fail for a reason of the moment, as on a busy host, and a better runtime can be installed: some time after
 * the last trial, what needs a runtime starts another one in the background, and does not wait for it.
 */
final class RuntimeChoice {

    private static final Logger LOG = Logger.getLogger(RuntimeChoice.class);

    /** Doubles with each trial, up to {@link #LONGEST_PAUSE}: on most hosts the next fails like the last. */
    static final Duration FIRST_PAUSE = Duration.ofMinutes(1);

    static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private final Supplier<DefaultRuntime> choice;
    private final LongSupplier nanoTime;
    private final Executor background;
    private final ReentrantLock lock = new ReentrantLock();
    /** Null until it is needed; this and what follows is guarded by the lock. */
    private DefaultRuntime chosen;

    private Duration pause = FIRST_PAUSE;
    private long chosenAt;
    private boolean isReconsidered;

    RuntimeChoice(Supplier<DefaultRuntime> choice) {
        this(choice, System::nanoTime, task -> Background.start("runtime-choice", task::run));
    }

    RuntimeChoice(Supplier<DefaultRuntime> choice, LongSupplier nanoTime, Executor background) {
        this.choice = choice;
        this.nanoTime = nanoTime;
        this.background = background;
    }

    /** The runtime to use now; one that is missing is looked for each time, since it may be installed meanwhile. */
    DefaultRuntime current() {
        lock.lock();
        try {
            if (chosen == null || chosen.program().isEmpty()) {
                choose(choice.get());
            } else if (chosen.isSecondChoice() && !isReconsidered && isDue()) {
                isReconsidered = true;
                background.execute(this::reconsider);
            }
            return chosen;
        } finally {
            lock.unlock();
        }
    }

    private boolean isDue() {
        return nanoTime.getAsLong() - chosenAt >= pause.toNanos();
    }

    private void choose(DefaultRuntime runtime) {
        chosen = runtime;
        chosenAt = nanoTime.getAsLong();
    }

    private void reconsider() {
        DefaultRuntime runtime = choice.get();
        lock.lock();
        try {
            if (!runtime.name().equals(chosen.name())) {
                LOG.infof("the default OCI runtime is %s now: %s", runtime.name(), runtime.reason());
            }
            choose(runtime);
            pause = LONGEST_PAUSE.compareTo(pause.multipliedBy(2)) < 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            isReconsidered = false;
        } finally {
            lock.unlock();
        }
    }
}
