package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** Processes of the host, by their process ID. */
public final class Processes {

    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;

    private static final Path PROC = Path.of("/proc");
    private static final Set<String> ENDED = Set.of("Z", "X");
    private static final int START_TIME_AFTER_NAME = 19;

    private Processes() {}

    /**
     * Sends a signal, 0 for none but the check.
     *
     * @return false when there is no such process (any more)
     */
    public static boolean kill(int pid, int signal) throws SystemCallException {
        if (pid <= 0) {
            throw new IllegalArgumentException("not a process ID: " + pid);
        }
        try {
            LibC.C.kill(pid, signal);
            return true;
        } catch (LastErrorException failure) {
            if (failure.getErrorCode() == SystemCallException.ESRCH) {
                return false;
            }
            throw new SystemCallException("kill", pid, failure);
        }
    }

    /**
     * When a process was started, in clock ticks since boot: with its ID it names the process for good, since IDs are
     * used again. Empty when there is no such process.
     */
    public static OptionalLong startTime(int pid) {
        try {
            return OptionalLong.of(Long.parseLong(fieldsAfterName(pid)[START_TIME_AFTER_NAME]));
        } catch (IOException gone) {
            return OptionalLong.empty();
        }
    }

    /** Whether the process that was started at this time is gone, or waits only for somebody to take note of its end. */
    public static boolean hasEnded(int pid, long startTime) {
        try {
            String[] fields = fieldsAfterName(pid);
            return Long.parseLong(fields[START_TIME_AFTER_NAME]) != startTime || ENDED.contains(fields[0]);
        } catch (IOException gone) {
            return true;
        }
    }

    private static String[] fieldsAfterName(int pid) throws IOException {
        byte[] stat = Files.readAllBytes(PROC.resolve(Integer.toString(pid)).resolve("stat"));
        String text = new String(stat, StandardCharsets.ISO_8859_1);
        // The name is in parentheses and may hold anything, also parentheses and spaces.
        return text.substring(text.lastIndexOf(')') + 2).split(" ");
    }

    /** How many file descriptors this process has open. */
    public static int openFiles() {
        return count("fd");
    }

    /** How many threads this process has, as the kernel counts them. */
    public static int threads() {
        return count("task");
    }

    private static int count(String folder) {
        try (Stream<Path> entries = Files.list(PROC.resolve("self").resolve(folder))) {
            return (int) entries.count();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The inode of this process's mount namespace: processes that see it the same share their mounts. */
    public static long mountNamespace() {
        try {
            return (Long) Files.getAttribute(PROC.resolve("self/ns/mnt"), "unix:ino");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The capabilities that this process may give to programs, a bit for the number of each. */
    public static long boundingCapabilities() {
        try (Stream<String> lines = Files.lines(PROC.resolve("self/status"))) {
            return lines.filter(line -> line.startsWith("CapBnd:"))
                    .mapToLong(line -> Long.parseUnsignedLong(
                            line.substring(line.indexOf(':') + 1).strip(), 16))
                    .findFirst()
                    .orElse(0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
