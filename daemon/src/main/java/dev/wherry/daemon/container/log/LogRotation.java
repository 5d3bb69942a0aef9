package dev.wherry.daemon.container.log;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.config.LogOptions;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import dev.wherry.daemon.metadata.Layout;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Keeps logs within the sizes that were asked for: looks at the files of the containers that run, the more often the
 * faster they grow. While no daemon looks, conmon itself begins a file anew when it is as large as all of them may be
 * together.
 */
@Singleton
public final class LogRotation {

    private static final Logger LOG = Logger.getLogger(LogRotation.class);
    private static final long LONGEST_PAUSE_MILLIS = 1000;
    private static final long SHORTEST_PAUSE_MILLIS = 10;

    private final Containers containers;
    private final Layout layout;
    private Map<String, Seen> seen = Map.of();
    private Thread thread;

    /** The file that was written; inode 0 when it was just put aside. */
    private record Seen(long inode, long size) {

        static final Seen NOTHING = new Seen(0, 0);
    }

    public LogRotation(Containers containers, Layout layout) {
        this.containers = containers;
        this.layout = layout;
    }

    /** Begins to look, when containers have been recovered. */
    public void start() {
        thread = Thread.ofVirtual().name("log-rotation").start(this::run);
    }

    /** Ends it. */
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void run() {
        long pause = LONGEST_PAUSE_MILLIS;
        while (true) {
            try {
                Thread.sleep(pause);
                pause = look(pause);
            } catch (InterruptedException over) {
                return;
            } catch (RuntimeException failure) {
                LOG.warn("logs cannot be kept within their sizes: " + failure.getMessage());
                pause = LONGEST_PAUSE_MILLIS;
            }
        }
    }

    /** Looks at all logs with a limit, and says when to look again. */
    private long look(long since) {
        long pause = LONGEST_PAUSE_MILLIS;
        Map<String, Seen> now = new HashMap<>();
        for (Container container : containers.list(false)) {
            LogOptions options = LogOptions.of(container.settings().request().log());
            if (options.driver().isFile() && options.maxBytes() > 0) {
                Seen before = seen.getOrDefault(container.id(), Seen.NOTHING);
                Seen file = look(container, options, before);
                now.put(container.id(), file);
                long grown = Math.max(0, file.size() - before.size());
                long left = Math.max(0, options.maxBytes() - file.size());
                pause = Math.min(pause, grown == 0 ? pause : left * since / grown / 2);
            }
        }
        seen = now;
        return Math.max(pause, SHORTEST_PAUSE_MILLIS);
    }

    private Seen look(Container container, LogOptions options, Seen before) {
        ContainerLayout files = ContainerLayout.of(layout, container.id());
        LogFiles log = new LogFiles(files.kept());
        try {
            Optional<FileStatus> status = Inodes.find(log.current());
            if (status.isEmpty()) {
                return Seen.NOTHING;
            }
            Seen file = new Seen(status.get().inode(), status.get().size());
            if (before.inode() != 0 && before.inode() != file.inode()) {
                // conmon was faster, and began it anew.
                log.forgetAside();
            }
            if (file.size() <= options.maxBytes()) {
                return file;
            }
            log.rotate(files.control(), options);
        } catch (IOException failure) {
            LOG.debug("the log of container " + container.shortId() + " cannot be rotated: " + failure.getMessage());
        }
        return Seen.NOTHING;
    }
}
