package dev.wherry.daemon.namespace;

import dev.wherry.daemon.access.NamespaceName;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.ShuttingDownException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.linux.SystemCallException;
import dev.wherry.daemon.metadata.Layout;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * The daemons that this one has started, one for each namespace in use. The first connection of a namespace starts its
 * daemon, and so does the start of this one if the namespace has containers to look after. One that crashes is started
 * again, at once if it had served for a while, else by the next connection. Each has this process's command line,
 * environment and control group, reloads and drains with it, and ends when it ends in whatever way.
 */
@Singleton
public final class NamespaceDaemons {

    private static final Logger LOG = Logger.getLogger(NamespaceDaemons.class);

    /** What a connection waits for. Recovery goes on as long as it takes. */
    private static final Duration START = Duration.ofSeconds(60);

    /** A client that tries again and again starts no daemon that fails again and again. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private static final Duration GOOD_SERVICE = Duration.ofSeconds(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<NamespaceName, ChildDaemon> children = new HashMap<>();
    private final Layout layout;
    private boolean ending;

    NamespaceDaemons(Layout layout) {
        this.layout = layout;
    }

    /**
     * The socket that takes the connections of a namespace; its daemon is started if it does not run.
     *
     * @return fails with an error for the client
     */
    public CompletableFuture<Path> relay(NamespaceName name) {
        lock.lock();
        try {
            ChildDaemon child = children.get(name);
            if (ending) {
                return CompletableFuture.failedFuture(new ShuttingDownException());
            }
            boolean over = child != null && child.hasEnded();
            boolean justFailed = over
                    && child.relay().isCompletedExceptionally()
                    && child.sinceEnd().compareTo(PAUSE) < 0;
            if (child == null || over && !justFailed) {
                child = new ChildDaemon(name, layout);
                children.put(name, child);
                ChildDaemon started = child;
                Thread.ofPlatform().daemon().name("namespace-" + name).start(() -> run(name, started));
            }
            return child.relay()
                    .copy()
                    .orTimeout(START.toSeconds(), TimeUnit.SECONDS)
                    .exceptionallyCompose(failure -> CompletableFuture.failedFuture(reason(name, failure)));
        } finally {
            lock.unlock();
        }
    }

    /** As above, for connections on which Docker's API is spoken. */
    public CompletableFuture<Path> dockerRelay(NamespaceName name) {
        return relay(name).thenApply(_ -> layout.namespace(name.text()).dockerRelaySocket());
    }

    private static Throwable reason(NamespaceName name, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof TimeoutException
                ? new UnavailableException("the daemon of the namespace " + name + " still starts: try again later")
                : cause;
    }

    private void run(NamespaceName name, ChildDaemon child) {
        child.run();
        if (child.crashedAfter(GOOD_SERVICE)) {
            relay(name);
        }
    }

    /** Starts the daemons of those namespaces whose last one left containers, or did not end in order. */
    public void startWanted() {
        try {
            for (Layout each : layout.withNamespaces()) {
                if (!each.equals(layout) && !Files.exists(each.idleMark())) {
                    relay(new NamespaceName(each.root().getFileName().toString()));
                }
            }
        } catch (IOException | InvalidInputException failure) {
            LOG.errorf("cannot start the daemons of namespaces: %s", failure.getMessage());
        }
    }

    /** Where those that take connections answer about their metrics. */
    public List<Path> metrics() {
        return running().stream()
                .filter(child -> child.relay().isDone() && !child.relay().isCompletedExceptionally())
                .map(ChildDaemon::metrics)
                .toList();
    }

    /** All read the configuration again. */
    public void reload() {
        each(ChildDaemon::reload);
    }

    /** All shall end; called again, they shall hasten. */
    public void end() {
        lock.lock();
        try {
            ending = true;
        } finally {
            lock.unlock();
        }
        each(ChildDaemon::tell);
    }

    /**
     * Waits for the end of all.
     *
     * @param patience which grows by what they say that they need
     * @param told of that
     * @return whether all have ended
     */
    public boolean awaitEnd(Duration patience, Consumer<Duration> told) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (ChildDaemon child : running()) {
            while (!child.awaitEnd(Duration.ofSeconds(1))) {
                Duration needed = child.left();
                if (System.nanoTime() + needed.toNanos() > end) {
                    end = System.nanoTime() + needed.toNanos();
                    told.accept(needed);
                }
                if (System.nanoTime() > end) {
                    return false;
                }
            }
        }
        return true;
    }

    private interface Order {
        void give(ChildDaemon child) throws SystemCallException;
    }

    private void each(Order order) {
        for (ChildDaemon child : running()) {
            try {
                order.give(child);
            } catch (SystemCallException failure) {
                LOG.warn(failure.getMessage());
            }
        }
    }

    private List<ChildDaemon> running() {
        lock.lock();
        try {
            return children.values().stream().filter(child -> !child.hasEnded()).toList();
        } finally {
            lock.unlock();
        }
    }
}
