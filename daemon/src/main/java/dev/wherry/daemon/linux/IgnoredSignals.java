package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Signals that this process ignores because its parent did, as the child of nohup(1) ignores SIGHUP and a shell's
 * background job SIGINT. The Java machine takes an ignored signal for one that must stay ignored, and installs no handler
 * for it.
 */
public final class IgnoredSignals {

    public static final int SIGHUP = 1;
    public static final int SIGINT = 2;
    public static final int SIGTERM = 15;

    private static final NativeLong SIG_DFL = new NativeLong(0);

    private IgnoredSignals() {}

    /** Gives those of the signals that are ignored their default action, after which handlers can be installed. */
    public static void restore(int... signals) throws SystemCallException {
        long ignored = ignored();
        for (int signal : signals) {
            if ((ignored >> signal - 1 & 1) == 1) {
                try {
                    LibC.C.signal(signal, SIG_DFL);
                } catch (LastErrorException failure) {
                    throw new SystemCallException("signal", signal, failure);
                }
            }
        }
    }

    /** One bit a signal, the first for signal 1 (proc_pid_status(5)). */
    private static long ignored() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .findFirst()
                    .orElse(0);
        } catch (IOException unknown) {
            return 0;
        }
    }
}
