package dev.wherry.daemon.network.dns;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.host.HostTools;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.linux.Spawn;
import dev.wherry.daemon.runtime.Supervisors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The program aardvark-dns, one process for all networks of the daemon: a container on two networks asks the server of one
 * for the names on both. It runs while a network has names, also while the daemon does not, and reads a file for each
 * network when it gets a signal.
 */
public final class Aardvark {

    private static final Logger LOG = Logger.getLogger(Aardvark.class);

    private static final int SIGHUP = 1;
    /** After it without an answer the signal is sent again. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final int LAST_SIGNAL = 2;
    private static final int FIRST_PAUSE_MILLIS = 1;
    private static final int LONGEST_PAUSE_MILLIS = 32;
    /** A question that it got while it closed its socket is never answered, so that none is waited for long. */
    private static final int ANSWERS_PER_PAUSE = 4;
    /** Of one that is not busy with a signal. */
    private static final int ANSWER_MILLIS = 100;

    private static final Duration START_PATIENCE = Duration.ofSeconds(20);

    private static final String PID_FILE = "aardvark.pid";

    private final Path folder;
    private final Path unfinished;
    private final ResolverScope scope;
    private final Duration startPatience;
    private final ReentrantLock lock = new ReentrantLock();
    /** The zones that the files say, by the ID of the network; null when that is not known. Guarded by the lock. */
    private Map<String, Zone> written = Map.of();

    /** Grows with each change, also from daemon to daemon. */
    private long marker = System.currentTimeMillis();

    /** @param folder for its files, which no other daemon of the host has */
    public Aardvark(Path folder, ResolverScope scope) {
        this(folder, scope, START_PATIENCE);
    }

    Aardvark(Path folder, ResolverScope scope, Duration startPatience) {
        this.folder = folder;
        this.scope = scope;
        this.startPatience = startPatience;
        this.unfinished = folder.resolveSibling("dns.new");
    }

    /**
     * Makes it know these zones and nothing else, if it does not yet; returns when it does.
     *
     * @param zones asked for while no other change is made; those without endpoints do not count
     */
    public void apply(Supplier<List<Zone>> zones) {
        lock.lock();
        try {
            Map<String, Zone> wanted = byId(zones.get());
            if (!wanted.equals(written)) {
                write(wanted);
            }
        } catch (IOException failure) {
            throw new HostException("cannot run the name server of networks: " + failure.getMessage(), failure);
        } finally {
            lock.unlock();
        }
    }

    /** As above, whatever the files say, as after a crash. A zone that it knows already is not disturbed. */
    public void restore(Supplier<List<Zone>> zones) {
        lock.lock();
        try {
            Map<String, Zone> wanted = byId(zones.get());
            if (wanted.isEmpty() && !Files.exists(folder)) {
                return;
            }
            written = known(wanted);
            removeAllBut(written.keySet());
            if (wanted.isEmpty() || !wanted.equals(written)) {
                write(wanted);
            }
            // An earlier daemon may have ended before it put it there.
            running().ifPresent(scope::enter);
        } catch (IOException failure) {
            throw new HostException("cannot run the name server of networks: " + failure.getMessage(), failure);
        } finally {
            lock.unlock();
        }
    }

    private void removeAllBut(Set<String> networks) throws IOException {
        for (Path file : Files.isDirectory(folder) ? FileTrees.list(folder) : List.<Path>of()) {
            String name = file.getFileName().toString();
            if (!name.equals(PID_FILE) && !networks.contains(name)) {
                Files.delete(file);
            }
        }
    }

    /** Those whose files say what they must, and have been read. */
    private Map<String, Zone> known(Map<String, Zone> wanted) throws IOException {
        Map<String, Zone> known = new HashMap<>();
        if (running().isEmpty()) {
            return known;
        }
        for (Map.Entry<String, Zone> zone : wanted.entrySet()) {
            Path file = folder.resolve(zone.getKey());
            if (Files.exists(file)) {
                String text = Files.readString(file);
                String name = Zone.marker(text);
                if (text.equals(zone.getValue().file(name)) && isRead(zone.getValue(), name, ANSWER_MILLIS)) {
                    known.put(zone.getKey(), zone.getValue());
                }
            }
        }
        return known;
    }

    private static Map<String, Zone> byId(List<Zone> zones) {
        Map<String, Zone> byId = new HashMap<>();
        zones.stream()
                .filter(zone -> !zone.endpoints().isEmpty())
                .forEach(zone -> byId.put(zone.network().id(), zone));
        return byId;
    }

    private void write(Map<String, Zone> wanted) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        String name = "wherry-" + ++marker;
        Map<String, Zone> before = written == null ? Map.of() : written;
        written = null;
        // What an attempt that failed has left goes too: a process does not start if it cannot listen for one network.
        removeAllBut(wanted.keySet());
        boolean grown = false;
        for (Map.Entry<String, Zone> zone : wanted.entrySet()) {
            if (!zone.getValue().equals(before.get(zone.getKey()))) {
                grown = true;
                // It may read the folder at any time.
                Files.writeString(unfinished, zone.getValue().file(name));
                Files.move(unfinished, folder.resolve(zone.getKey()), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        OptionalInt running = running();
        if (wanted.isEmpty()) {
            stop(running);
        } else if (running.isEmpty()) {
            start();
            awaitRead(wanted, before, name);
        } else if (grown) {
            Processes.kill(running.getAsInt(), SIGHUP);
            awaitRead(wanted, before, name);
        }
        // Of a network without endpoints nobody asks: it learns with the next signal that it is gone, since version 1.4
        // leaves the questions of all networks unanswered for a moment at each.
        written = wanted;
    }

    /**
     * Waits until the names that are new can be resolved. It loses signals only before it reads the files, and never answers
     * while it does.
     */
    private void awaitRead(Map<String, Zone> wanted, Map<String, Zone> before, String name) throws IOException {
        long lastSignal = System.nanoTime();
        for (Map.Entry<String, Zone> zone : wanted.entrySet()) {
            if (!zone.getValue().equals(before.get(zone.getKey()))) {
                int pause = FIRST_PAUSE_MILLIS;
                for (int signals = 0; !isRead(zone.getValue(), name, ANSWERS_PER_PAUSE * pause); ) {
                    pause(pause);
                    pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
                    if (System.nanoTime() - lastSignal < PATIENCE.toNanos()) {
                        continue;
                    }
                    OptionalInt running = running();
                    if (signals++ == LAST_SIGNAL || running.isEmpty()) {
                        LOG.warnf(
                                "the names of network %s cannot be resolved: aardvark-dns does not answer at %s",
                                zone.getValue().network().name(),
                                zone.getValue().servers());
                        return;
                    }
                    Processes.kill(running.getAsInt(), SIGHUP);
                    lastSignal = System.nanoTime();
                }
            }
        }
    }

    private static boolean isRead(Zone zone, String name, int patienceMillis) {
        return zone.servers().stream().allMatch(server -> NameQuery.isKnown(server, name, patienceMillis));
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void start() throws IOException {
        Path program = HostTools.find("aardvark-dns")
                .orElseThrow(
                        () -> new HostException("aardvark-dns is missing, so that names on networks cannot be resolved:"
                                + " apt-get install aardvark-dns"));
        List<String> command = List.of(program.toString(), "--config", folder.toString(), "-p", "53", "run");
        // It ends when the server that it has started answers; that one keeps what it got for its output. Version 1.4
        // never ends if the server could not be started.
        try (Spawn.Child child = Spawn.start(command, List.of(), folder, Path.of("/dev/null"), 0)) {
            if (child.await(startPatience) != 0) {
                throw new HostException("aardvark-dns cannot be started");
            }
        }
        running().ifPresent(scope::enter);
    }

    private void stop(OptionalInt running) throws IOException {
        if (running.isPresent()) {
            Processes.kill(running.getAsInt(), Processes.SIGTERM);
        }
        Files.deleteIfExists(folder.resolve(PID_FILE));
    }

    /** The process that serves the folder. A file that tells of one may be older than the process of that ID. */
    private OptionalInt running() {
        try {
            int pid =
                    Integer.parseInt(Files.readString(folder.resolve(PID_FILE)).strip());
            return Supervisors.isAlive(pid, List.of("--config", folder.toString()))
                    ? OptionalInt.of(pid)
                    : OptionalInt.empty();
        } catch (IOException | NumberFormatException none) {
            return OptionalInt.empty();
        }
    }
}
