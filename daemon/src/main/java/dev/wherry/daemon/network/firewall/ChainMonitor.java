package dev.wherry.daemon.network.firewall;

import dev.wherry.daemon.host.HostTools;
import dev.wherry.daemon.linux.Spawn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Reports that another program has changed chains of the firewall that networks depend on, as a reload of the host's
 * firewall does. It reads {@code nft monitor chains}, which costs nothing while no chain changes: a new container changes
 * elements of sets only. Chains of iptables are seen where iptables writes to nftables.
 *
 * <p>The monitor ends with the daemon, however that ends: its shell waits for the end of a pipe from the daemon.
 */
public final class ChainMonitor implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ChainMonitor.class);

    /** The shell does not keep the output open, whose end says that the monitor has ended. */
    private static final String SCRIPT = "\"$1\" monitor chains 2>/dev/null & exec >&- 2>&-; read -r end; kill $!";

    /** Nft's word for changes that it has missed. */
    private static final String LOST = "# ERROR";

    /** A reload changes many chains; what it leaves is looked at once. */
    private static final Duration CALM = Duration.ofMillis(100);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final String table;
    private final Runnable changed;
    /** Guarded by this object, as the two below. */
    private Optional<Thread> reader = Optional.empty();

    private Optional<OutputStream> pipe = Optional.empty();
    private boolean closed;

    /**
     * A monitor that does not run yet.
     *
     * @param table the daemon's own
     * @param changed called after changes, one call at a time
     */
    public ChainMonitor(String table, Runnable changed) {
        this.table = table;
        this.changed = changed;
    }

    /** Begins to watch, if it does not yet. */
    public synchronized void start() {
        if (reader.isEmpty()) {
            closed = false;
            // To read a pipe keeps the carrier of a virtual thread.
            reader = Optional.of(
                    Thread.ofPlatform().daemon().name("firewall-monitor").start(this::watch));
        }
    }

    /** Ends the watch and its processes. */
    @Override
    public void close() {
        Optional<Thread> running;
        synchronized (this) {
            closed = true;
            pipe.ifPresent(ChainMonitor::close);
            running = reader;
            reader = Optional.empty();
        }
        running.ifPresent(thread -> {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException hastened) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void close(OutputStream pipe) {
        try {
            pipe.close();
        } catch (IOException broken) {
            LOG.debugf("cannot end the monitor of the firewall: %s", broken.getMessage());
        }
    }

    private void watch() {
        try {
            monitorForEver();
        } catch (InterruptedException closing) {
            // Nobody listens any more.
        }
    }

    private void monitorForEver() throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        Optional<Path> program = HostTools.find("nft");
        while (program.isPresent()) {
            long start = System.nanoTime();
            try {
                monitor(program.get());
            } catch (IOException failure) {
                LOG.debugf("the monitor of the firewall has ended: %s", failure.getMessage());
            }
            if (System.nanoTime() - start > LONGEST_PAUSE.toNanos()) {
                pause = FIRST_PAUSE;
            }
            Thread.sleep(pause);
            pause = pause.compareTo(LONGEST_PAUSE.dividedBy(2)) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            // Nobody has watched meanwhile.
            changed.run();
        }
    }

    /** Runs the monitor to its end. */
    private void monitor(Path program) throws IOException, InterruptedException {
        List<String> command = List.of("/bin/sh", "-c", SCRIPT, "sh", program.toString());
        try (Spawn.Child shell = Spawn.withStreams(command, List.of(), Path.of("/"));
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(shell.report(0), StandardCharsets.UTF_8))) {
            synchronized (this) {
                if (closed) {
                    return;
                }
                pipe = Optional.of(shell.order(0));
            }
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (concerns(line)) {
                    Thread.sleep(CALM);
                    while (lines.ready()) {
                        lines.readLine();
                    }
                    changed.run();
                }
            }
        }
    }

    /** Whether a line of the monitor is about a chain that networks depend on. */
    private boolean concerns(String line) {
        return line.startsWith(LOST)
                || line.contains("delete chain inet " + table + " ")
                || line.contains(" filter " + ForwardChain.CHAIN);
    }
}
