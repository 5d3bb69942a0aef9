package dev.wherry.daemon.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How readily the kernel kills a process when memory runs out (proc_pid_oom_score_adj(5)). */
public final class OomScore {

    private static final String FILE = "oom_score_adj";

    private OomScore() {}

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
