package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.StringArray;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts programs by posix_spawn(3), which copies nothing of this process, for what the JDK cannot give a child:
 * descriptors above the standard three. The child is in a session of its own and has no other descriptor of ours; its
 * standard input and output are /dev/null.
 */
public final class Spawn {

    private static final int FIRST_REPORT = 3;
    /** Above all numbers that a child gets, so that giving it one overwrites no other. */
    private static final int OUT_OF_THE_WAY = 64;

    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int O_WRONLY = 1;
    private static final int O_CREAT_TRUNC = 0100 | 01000;
    private static final int O_CLOEXEC = 02000000;
    private static final short SETSIGDEF_SETSIGMASK_SETSID = 0x04 | 0x08 | 0x80;
    /** Larger than the structures are on any architecture of glibc's. */
    private static final int FILE_ACTIONS = 256;

    private static final int ATTRIBUTES = 512;
    private static final int SIGNAL_SET = 128;

    private Spawn() {}

    /** A child, and what it reports. */
    public static final class Child implements AutoCloseable {
        private final int pid;
        private final List<InputStream> reports;

        private Child(int pid, List<InputStream> reports) {
            this.pid = pid;
            this.reports = reports;
        }

        /** What it writes to its n-th descriptor above the standard three; ends when the last writer has closed it. */
        public InputStream report(int n) {
            return reports.get(n);
        }

        /** Waits for the end of the child itself, which must be near: the wait is in the kernel. */
        @Override
        public void close() throws IOException {
            for (InputStream report : reports) {
                report.close();
            }
            int[] status = new int[1];
            while (true) {
                try {
                    LibC.C.waitpid(pid, status, 0);
                    return;
                } catch (LastErrorException failure) {
                    if (failure.getErrorCode() != SystemCallException.EINTR) {
                        return;
                    }
                }
            }
        }
    }

    /**
     * Starts a program.
     *
     * @param command the absolute path of the program, and its arguments
     * @param environment "KEY=VALUE", all of it
     * @param directory where it starts
     * @param errors takes its standard error; made anew
     * @param reports how many descriptors from 3 on it can write to
     */
    public static Child start(List<String> command, List<String> environment, Path directory, Path errors, int reports)
            throws IOException {
        List<Integer> writers = new ArrayList<>();
        List<InputStream> readers = new ArrayList<>();
        try {
            for (int i = 0; i < reports; i++) {
                int[] pipe = new int[2];
                LibC.C.pipe2(pipe, O_CLOEXEC);
                try {
                    writers.add(LibC.C.fcntl(pipe[1], F_DUPFD_CLOEXEC, OUT_OF_THE_WAY));
                    // Opened anew by the JDK, whose reading does not keep a virtual thread's carrier.
                    readers.add(new FileInputStream("/proc/self/fd/" + pipe[0]));
                } finally {
                    LibC.C.close(pipe[0]);
                    LibC.C.close(pipe[1]);
                }
            }
            return new Child(start(command, environment, directory, errors, writers), readers);
        } catch (LastErrorException failure) {
            for (InputStream reader : readers) {
                reader.close();
            }
            throw new SystemCallException("spawn", Path.of(command.getFirst()), failure);
        } finally {
            writers.forEach(LibC.C::close);
        }
    }

    private static int start(
            List<String> command, List<String> environment, Path directory, Path errors, List<Integer> writers) {
        try (Memory actions = new Memory(FILE_ACTIONS);
                Memory attributes = new Memory(ATTRIBUTES);
                Memory signals = new Memory(SIGNAL_SET);
                StringArray arguments = new StringArray(command.toArray(String[]::new), "UTF-8");
                StringArray variables = new StringArray(environment.toArray(String[]::new), "UTF-8")) {
            check(LibC.C.posix_spawn_file_actions_init(actions));
            check(LibC.C.posix_spawnattr_init(attributes));
            try {
                byte[] nothing = PathBytes.terminated(Path.of("/dev/null"));
                check(LibC.C.posix_spawn_file_actions_addopen(actions, 0, nothing, 0, 0));
                check(LibC.C.posix_spawn_file_actions_addopen(actions, 1, nothing, O_WRONLY, 0));
                check(LibC.C.posix_spawn_file_actions_addopen(
                        actions, 2, PathBytes.terminated(errors), O_WRONLY | O_CREAT_TRUNC, 0600));
                for (int i = 0; i < writers.size(); i++) {
                    check(LibC.C.posix_spawn_file_actions_adddup2(actions, writers.get(i), FIRST_REPORT + i));
                }
                check(LibC.C.posix_spawn_file_actions_addclosefrom_np(actions, FIRST_REPORT + writers.size()));
                check(LibC.C.posix_spawn_file_actions_addchdir_np(actions, PathBytes.terminated(directory)));
                // What the Java machine blocks or ignores is its own affair.
                check(LibC.C.posix_spawnattr_setflags(attributes, SETSIGDEF_SETSIGMASK_SETSID));
                signals.clear();
                check(LibC.C.posix_spawnattr_setsigmask(attributes, signals));
                LibC.C.sigfillset(signals);
                check(LibC.C.posix_spawnattr_setsigdefault(attributes, signals));
                int[] pid = new int[1];
                check(LibC.C.posix_spawn(
                        pid,
                        PathBytes.terminated(Path.of(command.getFirst())),
                        actions,
                        attributes,
                        arguments,
                        variables));
                return pid[0];
            } finally {
                LibC.C.posix_spawnattr_destroy(attributes);
                LibC.C.posix_spawn_file_actions_destroy(actions);
            }
        }
    }

    /** These functions return the number of an error. */
    private static void check(int error) {
        if (error != 0) {
            throw new LastErrorException(error);
        }
    }
}
