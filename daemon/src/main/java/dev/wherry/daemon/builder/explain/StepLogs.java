package dev.wherry.daemon.builder.explain;

import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.metadata.Layout;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/** What the steps of builds wrote: a folder a build, a file a step. Of much output the beginning and the end are kept. */
@Singleton
final class StepLogs {

    /** Bytes kept of the beginning, and as many of the end. */
    private static final long HALF = 512 * 1024;

    private final Path folder;

    StepLogs(Layout layout) {
        this.folder = layout.history().resolve("logs");
    }

    Path file(String build, int step) {
        return folder.resolve(build).resolve(step + ".log");
    }

    /** Opens the log of a step; nothing is on disk before the first output. */
    Log open(String build, int step) {
        return new Log(file(build, step));
    }

    void remove(String build) {
        try {
            FileTrees.remove(folder.resolve(build));
        } catch (NoSuchFileException none) {
            // It wrote nothing.
        } catch (IOException later) {
            // It is tried again when the daemon starts.
        }
    }

    /** The output of one step. A log that cannot be written is given up: no build fails because of it. */
    static final class Log {

        private final Path file;
        private final Deque<byte[]> end = new ArrayDeque<>();
        private long endBytes;
        private long left;
        private long written;
        private OutputStream out;
        private boolean broken;

        private Log(Path file) {
            this.file = file;
        }

        synchronized void write(byte[] data) {
            written += data.length;
            if (written <= HALF) {
                append(data);
                return;
            }
            end.addLast(data);
            endBytes += data.length;
            while (endBytes - end.getFirst().length >= HALF) {
                byte[] first = end.removeFirst();
                endBytes -= first.length;
                left += first.length;
            }
        }

        synchronized long written() {
            return written;
        }

        synchronized void close() {
            if (left > 0) {
                append(("\n… " + left + " bytes are left out here …\n")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            end.forEach(this::append);
            end.clear();
            endBytes = 0;
            left = 0;
            try {
                if (out != null) {
                    out.close();
                }
            } catch (IOException lost) {
                broken = true;
            }
            out = null;
        }

        private void append(byte[] data) {
            if (broken) {
                return;
            }
            try {
                if (out == null) {
                    Files.createDirectories(file.getParent());
                    out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                }
                out.write(data);
            } catch (IOException noLog) {
                broken = true;
            }
        }
    }
}
