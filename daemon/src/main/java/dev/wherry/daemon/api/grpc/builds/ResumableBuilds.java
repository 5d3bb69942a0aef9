package dev.wherry.daemon.api.grpc.builds;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.error.NotFoundException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The builds that can be taken up again, by their tokens: those that run, and those that ended a moment ago. */
@Singleton
final class ResumableBuilds {

    /** How long a build waits for its client. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Another patience in seconds, for tests. */
    private static final String VARIABLE = "WHERRY_BUILD_PATIENCE";

    private static final int TOKEN_BYTES = 32;

    /** Builds of one client that run without a connection; a further one is cancelled. */
    private static final int MOST_WAITING = 64;

    /** What is kept of the builds of one client that have ended; the oldest make room. */
    private static final int MOST_ENDED = 64;

    private static final long MOST_ENDED_BYTES = 8 << 20;

    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ByteString, ResumableBuild> builds = new HashMap<>();
    /** Those that have ended, in that order, and when that was, by the clock of {@link System#nanoTime}. */
    private final Map<String, Map<ResumableBuild, Long>> ended = new HashMap<>();

    private boolean sweeping;
    private final Map<String, Integer> waiting = new HashMap<>();
    private final Duration patience;

    @Inject
    ResumableBuilds() {
        this(Optional.ofNullable(System.getenv(VARIABLE))
                .filter(seconds -> seconds.matches("[0-9]{1,4}"))
                .map(seconds -> Duration.ofSeconds(Integer.parseInt(seconds)))
                .orElse(PATIENCE));
    }

    ResumableBuilds(Duration patience) {
        this.patience = patience;
    }

    Duration patience() {
        return patience;
    }

    /** @param owner as of {@link ContextOwner} */
    ResumableBuild open(String owner) {
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        ResumableBuild build = new ResumableBuild(ByteString.copyFrom(token), owner, this);
        lock.lock();
        try {
            builds.put(build.token(), build);
        } finally {
            lock.unlock();
        }
        return build;
    }

    /** @throws NotFoundException also when the build is another's, so that nobody learns of it */
    ResumableBuild find(ByteString token, String owner) {
        lock.lock();
        try {
            ResumableBuild build = builds.get(token);
            if (build == null || !build.owner().equals(owner)) {
                throw new NotFoundException(
                        "build",
                        "",
                        "the build cannot be taken up again: wherryd was restarted, or the connection was lost for too long");
            }
            return build;
        } finally {
            lock.unlock();
        }
    }

    /** A build has ended: it is known for a while yet. */
    void ended(ResumableBuild build) {
        lock.lock();
        try {
            Map<ResumableBuild, Long> others = ended.computeIfAbsent(build.owner(), _ -> new LinkedHashMap<>());
            others.put(build, System.nanoTime());
            long bytes =
                    others.keySet().stream().mapToLong(ResumableBuild::cost).sum();
            for (ResumableBuild oldest : List.copyOf(others.keySet())) {
                if (others.size() <= MOST_ENDED && bytes <= MOST_ENDED_BYTES) {
                    break;
                }
                bytes -= oldest.cost();
                forget(oldest);
            }
            if (!sweeping) {
                sweeping = true;
                Background.start("builds that have ended", this::sweep);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what ended long ago, as long as there is any. */
    private void sweep() throws InterruptedException {
        while (true) {
            Thread.sleep(patience.dividedBy(4).plusMillis(1));
            lock.lock();
            try {
                long since = System.nanoTime() - patience.toNanos();
                List.copyOf(ended.values())
                        .forEach(others -> List.copyOf(others.entrySet()).stream()
                                .filter(other -> other.getValue() - since <= 0)
                                .forEach(other -> forget(other.getKey())));
                if (ended.isEmpty()) {
                    sweeping = false;
                    return;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    void forget(ResumableBuild build) {
        lock.lock();
        try {
            builds.remove(build.token());
            ended.computeIfPresent(build.owner(), (_, others) -> {
                others.remove(build);
                return others.isEmpty() ? null : others;
            });
        } finally {
            lock.unlock();
        }
    }

    /** Whether one more build of a client may wait for it; {@link #waited} ends that. */
    boolean mayWait(String owner) {
        lock.lock();
        try {
            int count = waiting.getOrDefault(owner, 0);
            if (count >= MOST_WAITING) {
                return false;
            }
            waiting.put(owner, count + 1);
            return true;
        } finally {
            lock.unlock();
        }
    }

    void waited(String owner) {
        lock.lock();
        try {
            waiting.computeIfPresent(owner, (_, count) -> count == 1 ? null : count - 1);
        } finally {
            lock.unlock();
        }
    }

    /** How many are known. */
    int size() {
        lock.lock();
        try {
            return builds.size();
        } finally {
            lock.unlock();
        }
    }
}
