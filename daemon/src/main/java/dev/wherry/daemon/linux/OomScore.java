package dev.wherry.daemon.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How readily the kernel kills a process when memory runs out (proc_pid_oom_score_adj(5)). */
public final class OomScore {

    private static final String FILE = "oom_score_adj";
    /** The number of CAP_SYS_RESOURCE. */
    private static final int SYS_RESOURCE = 24;

    private OomScore() {}

    /** What this process may give to others: without the capability for it, no less than its own. */
    public static int permitted(int adjustment) {
        if ((Processes.boundingCapabilities() >>> SYS_RESOURCE & 1) != 0) {
            return adjustment;
        }
        try {
            return Math.max(
                    adjustment,
                    Integer.parseInt(
                            Files.readString(Path.of("/proc/self", FILE)).strip()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Adjusts the score of a process; one that has ended is left alone.
     *
     * @param startTime as of {@link Processes#startTime}
     * @param adjustment -1000 to 1000
     * @throws IOException when it may not be lowered
     */
    public static void adjust(int pid, long startTime, int adjustment) throws IOException {
        Path proc = Path.of("/proc", Integer.toString(pid));
        if (!Files.isDirectory(proc)) {
            return;
        }
        // The folder stays that of this process when its number is used again.
        try (Handle process = Handle.folder(proc)) {
            Path file = process.path().resolve(FILE);
            String wanted = Integer.toString(adjustment);
            if (Processes.startTime(pid).orElse(-1) == startTime
                    && !Files.readString(file).strip().equals(wanted)) {
                Files.writeString(file, wanted);
            }
        } catch (IOException failure) {
            if (Processes.startTime(pid).orElse(-1) == startTime) {
                throw failure;
            }
        }
    }
}
