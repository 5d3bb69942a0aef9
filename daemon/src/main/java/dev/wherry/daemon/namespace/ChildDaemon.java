package dev.wherry.daemon.namespace;

import dev.wherry.daemon.access.NamespaceName;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.linux.Spawn;
import dev.wherry.daemon.linux.SystemCallException;
import dev.wherry.daemon.metadata.Layout;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/** One process that serves a namespace, from its start to its end. */
final class ChildDaemon {

    private static final Logger LOG = Logger.getLogger(ChildDaemon.class);

    private static final Path PROGRAM = Path.of("/proc/self/exe");
    private static final int SIGHUP = 1;

    /** What the service manager means for the first daemon alone. */
    private static final Set<String> OF_THE_FIRST = Set.of(
            "NOTIFY_SOCKET", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "WATCHDOG_PID", "WATCHDOG_USEC", "MAINPID");

    private final NamespaceName name;
    private final Layout first;
    private final CompletableFuture<Path> relay = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private int pid;
    private boolean told;
    private boolean reloads;
    private long began;
    private volatile long mayEndUntil;
    private volatile long endedAt;

    /** @param first the folders of the first daemon */
    ChildDaemon(NamespaceName name, Layout first) {
        this.name = name;
        this.first = first;
    }

    /** Where it takes connections, once it does. */
    CompletableFuture<Path> relay() {
        return relay;
    }

    /** Where it answers about its metrics, if the configuration wants any. */
    Path metrics() {
        return first.namespace(name.text()).metricsSocket();
    }

    /** Runs it to its end. */
    void run() {
        began = System.nanoTime();
        try (Spawn.Child child = spawn()) {
            Thread lines = Thread.ofPlatform().daemon().name("says-" + name).start(() -> follow(child));
            int code = child.await();
            lock.lock();
            try {
                pid = 0;
            } finally {
                lock.unlock();
            }
            // Its last words are on their way.
            lines.join(1000);
            end(code);
        } catch (IOException failure) {
            relay.completeExceptionally(new UnavailableException(start() + failure.getMessage(), failure));
        } catch (InterruptedException impossible) {
            Thread.currentThread().interrupt();
        } finally {
            endedAt = System.nanoTime();
            relay.completeExceptionally(new UnavailableException(start() + "see the log of wherryd"));
            ended.countDown();
        }
    }

    private String start() {
        return "the daemon of the namespace " + name + " cannot start: ";
    }

    private void end(int code) {
        boolean wasReady = relay.isDone() && !relay.isCompletedExceptionally();
        if (told) {
            LOG.debugf("the daemon of the namespace %s has ended (%d)", name, code);
        } else if (wasReady) {
            LOG.errorf("the daemon of the namespace %s ended unexpectedly, with exit code %d", name, code);
        } else {
            relay.completeExceptionally(new UnavailableException(start() + "it ended with exit code " + code));
        }
    }

    private Spawn.Child spawn() throws IOException {
        for (Path folder : List.of(first.namespaces(), first.runningNamespaces())) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        List<String> environment = System.getenv().entrySet().stream()
                .filter(variable -> !OF_THE_FIRST.contains(variable.getKey()))
                .map(ChildDaemon::text)
                .toList();
        Spawn.Child child =
                Spawn.withOurErrors(command(), environment, Path.of("").toAbsolutePath());
        lock.lock();
        try {
            pid = child.pid();
            if (told) {
                Processes.kill(pid, Processes.SIGTERM);
            }
        } finally {
            lock.unlock();
        }
        return child;
    }

    private static String text(Map.Entry<String, String> variable) {
        return variable.getKey() + "=" + variable.getValue();
    }

    /** The command line of this process, with the namespace. */
    private List<String> command() throws IOException {
        List<String> command =
                new ArrayList<>(Arrays.asList(Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8)
                        .split("\0", -1)));
        command.removeLast();
        Path program = Files.readSymbolicLink(PROGRAM);
        // A program that has been replaced since has another name there, and is still to be had by the link.
        command.set(0, (Files.exists(program) ? program : PROGRAM).toString());
        command.addAll(List.of("--namespace", name.text()));
        return command;
    }

    private void follow(Spawn.Child child) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.report(0), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                take(line);
            }
        } catch (IOException ended) {
            LOG.debugf("the daemon of the namespace %s says no more: %s", name, ended.getMessage());
        }
    }

    private void take(String line) throws SystemCallException {
        if (line.equals(FirstDaemon.READY)) {
            lock.lock();
            try {
                relay.complete(first.namespace(name.text()).relaySocket());
                if (reloads && pid != 0) {
                    Processes.kill(pid, SIGHUP);
                }
            } finally {
                lock.unlock();
            }
        } else if (line.startsWith(FirstDaemon.FAILED)) {
            relay.completeExceptionally(
                    new UnavailableException(start() + line.substring(FirstDaemon.FAILED.length())));
        } else if (line.startsWith(FirstDaemon.STOPPING)) {
            mayEndUntil = System.nanoTime()
                    + Duration.ofMillis(Long.parseLong(line.substring(FirstDaemon.STOPPING.length())))
                            .toNanos();
        }
    }

    /** Lets it read the configuration again; once it can, if it still starts. */
    void reload() throws SystemCallException {
        lock.lock();
        try {
            reloads = true;
            if (pid != 0 && relay.isDone()) {
                Processes.kill(pid, SIGHUP);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells it to end, or to hasten. */
    void tell() throws SystemCallException {
        lock.lock();
        try {
            told = true;
            if (pid != 0) {
                Processes.kill(pid, Processes.SIGTERM);
            }
        } finally {
            lock.unlock();
        }
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    /** How long ago it ended. */
    Duration sinceEnd() {
        return Duration.ofNanos(System.nanoTime() - endedAt);
    }

    /** Whether it served for so long, and ended although nobody told it to. */
    boolean crashedAfter(Duration service) {
        return !told && relay.isDone() && !relay.isCompletedExceptionally() && endedAt - began > service.toNanos();
    }

    /** How long its end may still take by its own account. */
    Duration left() {
        return mayEndUntil == 0 ? Duration.ZERO : Duration.ofNanos(mayEndUntil - System.nanoTime());
    }

    boolean awaitEnd(Duration patience) throws InterruptedException {
        return ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }
}
