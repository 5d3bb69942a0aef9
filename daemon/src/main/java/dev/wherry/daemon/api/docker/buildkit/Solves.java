package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.buildkit.control.SolveRequest;
import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnsupportedException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The builds of clients of BuildKit, by the names that the clients give them. */
@Singleton
final class Solves {

    private static final int MOST = 1_000;
    private static final int LONGEST_NAME = 128;

    /** Where a request has the rules for its sources. */
    private static final int SOURCE_POLICY = 12;

    /** A client asks for a build, its progress and all else at the same time. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition opened = lock.newCondition();
    private final Map<String, Solve> solves = new HashMap<>();

    /** Opens a build; whoever does closes it. */
    Solve open(SolveRequest request) {
        String name = request.getRef();
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new InvalidInputException("a build needs a name of at most " + LONGEST_NAME + " characters");
        }
        if (request.getUnknownFields().hasField(SOURCE_POLICY)
                || !request.getSourcePolicySession().isEmpty()) {
            throw new UnsupportedException(
                    "source policies are not supported: a build that needs one must not go on without it");
        }
        Solve solve = new Solve(request, Caller.current().name());
        lock.lock();
        try {
            if (solves.size() >= MOST) {
                throw new ExhaustedException("there are " + MOST + " builds already: wait until one ends");
            }
            if (solves.putIfAbsent(name, solve) != null) {
                throw new ConflictException("there is a build of the name " + name + " already");
            }
            opened.signalAll();
        } finally {
            lock.unlock();
        }
        return solve;
    }

    /** Ends a build. It is remembered for a while, for those who ask late how it went. */
    void close(Solve solve) {
        solve.end();
        Background.start("solve-over", () -> {
            Thread.sleep(PATIENCE.multipliedBy(2));
            lock.lock();
            try {
                solves.remove(solve.request().getRef(), solve);
            } finally {
                lock.unlock();
            }
        });
    }

    /** The caller's build of that name; empty when there is none. */
    Optional<Solve> find(String name) {
        lock.lock();
        try {
            return Optional.ofNullable(solves.get(name))
                    .filter(solve -> solve.owner().equals(Caller.current().name()));
        } finally {
            lock.unlock();
        }
    }

    /**
     * The caller's build of that name, which may be about to open.
     *
     * @throws NotFoundException when there is none
     */
    Solve await(String name) throws InterruptedException {
        long left = PATIENCE.toNanos();
        lock.lockInterruptibly();
        try {
            while (!solves.containsKey(name) && left > 0) {
                left = opened.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
        return find(name).orElseThrow(() -> new NotFoundException("build", name, "no such job " + name));
    }
}
