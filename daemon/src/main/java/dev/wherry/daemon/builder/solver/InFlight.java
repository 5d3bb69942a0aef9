package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.metadata.Leases;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;

/**
 * The steps that run now, in all builds. A build that needs a step which another one is doing joins it. A build that
 * takes nothing from the cache joins only steps that were begun by such a build, as BuildKit has it.
 */
@Singleton
public final class InFlight {

    private final Leases leases;
    private final Map<SharedStep.Identity, SharedStep> running = new HashMap<>();

    InFlight(Leases leases) {
        this.leases = leases;
    }

    /**
     * Joins the step of this identity, or begins it.
     *
     * @param step the instruction as this build has it
     * @param bound whether the work needs this build, and ends with it
     * @param work done when no other build does it
     */
    SharedStep.Member join(SharedStep.Identity identity, Step step, boolean bound, SharedStep.Work work)
            throws InterruptedException {
        while (true) {
            SharedStep other;
            synchronized (this) {
                other = find(identity);
                if (other == null) {
                    return begin(identity, step, bound, work);
                }
                if (other.isUseful()) {
                    return other.join(step, false);
                }
            }
            other.awaitEnd();
        }
    }

    /** Begins a step that no other build may join. */
    SharedStep.Member alone(SharedStep.Identity identity, Step step, SharedStep.Work work) {
        synchronized (this) {
            return begin(new SharedStep(this, identity, leases.open(), true, step), step, work);
        }
    }

    private SharedStep find(SharedStep.Identity identity) {
        SharedStep same = running.get(identity);
        return same != null || identity.fresh()
                ? same
                : running.get(new SharedStep.Identity(identity.key(), identity.parent(), true));
    }

    private SharedStep.Member begin(SharedStep.Identity identity, Step step, boolean bound, SharedStep.Work work) {
        SharedStep shared = new SharedStep(this, identity, leases.open(), bound, step);
        running.put(identity, shared);
        return begin(shared, step, work);
    }

    private static SharedStep.Member begin(SharedStep shared, Step step, SharedStep.Work work) {
        SharedStep.Member leader = shared.join(step, true);
        shared.start(work);
        return leader;
    }

    /** Called with the lock held. */
    void forget(SharedStep step) {
        running.remove(step.identity(), step);
    }
}
