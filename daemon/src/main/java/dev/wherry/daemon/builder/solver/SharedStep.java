package dev.wherry.daemon.builder.solver;

import dev.wherry.daemon.access.DiskRoom;
import dev.wherry.daemon.builder.cache.CacheRecord;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A step that runs once for all builds that need it. It has a thread and a lease of its own, so that it goes on when the
 * build that began it has ended, until the last build leaves. All that wait learn what it tells, from its beginning,
 * and all are given its result or its failure.
 *
 * <pre>
 *     running ─→ over: done or failed
 *        └────→ abandoned: nobody waits, or the build that began it left and the step needs that build ─→ over
 * </pre>
 *
 * <p>State is guarded by the {@link InFlight} that it belongs to.
 */
final class SharedStep {

    /**
     * What two builds must agree in to share a step.
     *
     * @param fresh whether it runs although it is in the cache
     */
    record Identity(Digest key, Optional<SnapshotId> parent, boolean fresh) {
        // Written out: those that a record comes with are interpreted in a native executable.
        @Override
        public boolean equals(Object other) {
            return other instanceof Identity that
                    && key.equals(that.key)
                    && parent.equals(that.parent)
                    && fresh == that.fresh;
        }

        @Override
        public int hashCode() {
            return 31 * (31 * key.hashCode() + parent.hashCode()) + Boolean.hashCode(fresh);
        }
    }

    /**
     * What became of the step.
     *
     * @param known whether its record was in the cache after all
     */
    record Outcome(CacheRecord record, boolean known) {}

    /** Does the step. */
    @FunctionalInterface
    interface Work {
        Outcome run(StepRun run, StepLog log);
    }

    private final InFlight inFlight;
    private final Identity identity;
    private final Lease lease;
    private final boolean bound;
    private final Step first;
    private final StepLog log = new StepLog();
    private final Set<Member> members = new HashSet<>();
    private Thread worker;
    private boolean abandoned;
    private boolean over;
    private Outcome outcome;
    private Throwable failure;

    SharedStep(InFlight inFlight, Identity identity, Lease lease, boolean bound, Step first) {
        this.inFlight = inFlight;
        this.identity = identity;
        this.lease = lease;
        this.bound = bound;
        this.first = first;
    }

    Identity identity() {
        return identity;
    }

    /** Whether one who comes now can be given what it makes. */
    boolean isUseful() {
        return !abandoned && failure == null;
    }

    void start(Work work) {
        worker = Thread.ofVirtual().name("step").unstarted(() -> run(work));
        worker.start();
    }

    private void run(Work work) {
        Outcome made = null;
        Throwable failed = null;
        try {
            DiskRoom.require();
            made = work.run(new StepRun(lease, log), log);
        } catch (Throwable any) {
            failed = any;
        }
        synchronized (inFlight) {
            over = true;
            outcome = made;
            failure = failed;
            if (failed != null || abandoned) {
                inFlight.forget(this);
            }
        }
        log.end();
    }

    /** Waits until nothing of it runs any more. */
    void awaitEnd() throws InterruptedException {
        worker.join();
    }

    Member join(Step step, boolean leads) {
        Member member = new Member(step, leads);
        members.add(member);
        return member;
    }

    /** A build that waits for the step. */
    final class Member {

        private final Step step;
        private final boolean leads;

        private Member(Step step, boolean leads) {
            this.step = step;
            this.leads = leads;
        }

        /** Whether this is the build that began the step. */
        boolean leads() {
            return leads;
        }

        /**
         * Passes on what the step tells until it is over.
         *
         * @return what became of it; empty when it was abandoned, and is to be done anew
         * @throws RuntimeException the failure of the step, told as of this build's own instruction
         */
        Optional<Outcome> follow(Consumer<StepLog.Event> teller) throws InterruptedException {
            StepLog.Reader reader = log.reader();
            for (Optional<StepLog.Event> event = reader.next(); event.isPresent(); event = reader.next()) {
                teller.accept(event.get());
            }
            synchronized (inFlight) {
                if (failure == null) {
                    return Optional.of(outcome);
                }
                if (abandoned) {
                    return Optional.empty();
                }
            }
            throw step.adopted(failure, first);
        }

        /** Waits no longer; whatever the step made must be held by now. The last one ends the step if it still runs. */
        void leave() {
            boolean last;
            boolean ends;
            synchronized (inFlight) {
                if (!members.remove(this)) {
                    return;
                }
                last = members.isEmpty();
                ends = !over && (last || bound && leads);
                abandoned |= ends;
                if (last && over) {
                    inFlight.forget(SharedStep.this);
                }
            }
            if (ends) {
                worker.interrupt();
                awaitWorker();
            }
            if (last) {
                synchronized (inFlight) {
                    inFlight.forget(SharedStep.this);
                }
                lease.close();
            }
        }

        private void awaitWorker() {
            boolean interrupted = false;
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
