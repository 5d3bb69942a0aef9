package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.StringArray;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Starts programs by posix_spawn(3), which copies nothing of this process, for what the JDK cannot give a child:
 * descriptors above the standard three. The child is in a session of its own and has no other descriptor of ours; its
 * standard input and output are /dev/null, unless it is started {@link #withStreams} or {@link #withOutput}. A native executable has no helper
 * that lets the JDK spawn: there the JDK forks, which copies the page tables of the daemon and makes it fault in what it
 * writes to afterwards.
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
    private static final Path NOTHING = Path.of("/dev/null");
    private static final int SIGNALLED = 128;
    private static final int WNOHANG = 1;
    private static final long SHORTEST_PAUSE_NANOS = 500_000;
    private static final long LONGEST_PAUSE_NANOS = 20_000_000;

    private Spawn() {}

    /** A child, and what it reports. */
    public static final class Child implements AutoCloseable {
        private final int pid;
        private final List<InputStream> reports;
        private final List<OutputStream> orders;
        private final int[] status = new int[1];
        private boolean ended;

        private Child(int pid, List<InputStream> reports, List<OutputStream> orders) {
            this.pid = pid;
            this.reports = reports;
            this.orders = orders;
        }

        /** Its process ID, until {@link #await} has returned. */
        public int pid() {
            return pid;
        }

        /** What it writes to its n-th descriptor above the standard three; ends when the last writer has closed it. */
        public InputStream report(int n) {
            return reports.get(n);
        }

        /** Where it reads on its n-th descriptor above those of the reports. */
        public OutputStream order(int n) {
            return orders.get(n);
        }

        /**
         * Waits for the end of the child itself, which must be near: the wait is in the kernel.
         *
         * @return its exit code, or 128 and the number of the signal that ended it
         */
        public int await() {
            while (!ended) {
                try {
                    LibC.C.waitpid(pid, status, 0);
                    ended = true;
                } catch (LastErrorException failure) {
                    ended = failure.getErrorCode() != SystemCallException.EINTR;
                }
            }
            int signal = status[0] & 0x7f;
            return signal == 0 ? status[0] >> 8 & 0xff : SIGNALLED + signal;
        }

        /** As {@link #await()}; a child that has not ended after the patience is killed. */
        public int await(Duration patience) throws SystemCallException {
            long end = System.nanoTime() + patience.toNanos();
            long pause = SHORTEST_PAUSE_NANOS;
            while (!hasEnded()) {
                if (System.nanoTime() - end > 0) {
                    Processes.kill(pid, Processes.SIGKILL);
                    return await();
                }
                LockSupport.parkNanos(pause);
                pause = Math.min(pause + pause / 8, LONGEST_PAUSE_NANOS);
            }
            return await();
        }

        private boolean hasEnded() {
            try {
                ended = ended || LibC.C.waitpid(pid, status, WNOHANG) != 0;
            } catch (LastErrorException failure) {
                ended = failure.getErrorCode() != SystemCallException.EINTR;
            }
            return ended;
        }

        @Override
        public void close() throws IOException {
            closeAll(reports);
            closeAll(orders);
            await();
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
        return start(command, environment, directory, errors, reports, 0);
    }

    /** As above, with {@code orders} more descriptors, after those of the reports, on which it can read. */
    public static Child start(
            List<String> command, List<String> environment, Path directory, Path errors, int reports, int orders)
            throws IOException {
        return child(command, environment, directory, reports, orders, theirs -> actions -> {
            open(actions, 0, NOTHING, 0);
            open(actions, 1, NOTHING, O_WRONLY);
            open(actions, 2, errors, O_WRONLY | O_CREAT_TRUNC);
            for (int i = 0; i < theirs.size(); i++) {
                give(actions, theirs.get(i), FIRST_REPORT + i);
            }
            return FIRST_REPORT + theirs.size();
        });
    }

    /**
     * Makes the pipes and starts the program.
     *
     * @param standard what it gets of its ends of the pipes, first those of the reports
     */
    private static Child child(
            List<String> command,
            List<String> environment,
            Path directory,
            int reports,
            int orders,
            Function<List<Integer>, Standard> standard)
            throws IOException {
        List<Integer> theirs = new ArrayList<>();
        List<InputStream> readers = new ArrayList<>();
        List<OutputStream> writers = new ArrayList<>();
        try {
            for (int i = 0; i < reports; i++) {
                readers.add(fromChild(theirs));
            }
            for (int i = 0; i < orders; i++) {
                writers.add(toChild(theirs));
            }
            return new Child(start(command, environment, directory, standard.apply(theirs)), readers, writers);
        } catch (LastErrorException failure) {
            closeAll(readers);
            closeAll(writers);
            throw new SystemCallException("spawn", Path.of(command.getFirst()), failure);
        } finally {
            theirs.forEach(LibC.C::close);
        }
    }

    /** Starts a program whose standard output and errors are the reports 0 and 1; its input is empty. */
    public static Child withOutput(List<String> command, List<String> environment, Path directory) throws IOException {
        return withStreams(command, environment, directory, false);
    }

    /** As above; its standard input is the order 0. */
    public static Child withStreams(List<String> command, List<String> environment, Path directory) throws IOException {
        return withStreams(command, environment, directory, true);
    }

    private static Child withStreams(List<String> command, List<String> environment, Path directory, boolean withInput)
            throws IOException {
        return child(command, environment, directory, 2, withInput ? 1 : 0, theirs -> actions -> {
            give(actions, theirs.get(0), 1);
            give(actions, theirs.get(1), 2);
            if (withInput) {
                give(actions, theirs.get(2), 0);
            } else {
                open(actions, 0, NOTHING, 0);
            }
            return FIRST_REPORT;
        });
    }

    /**
     * Starts another process of this program: its standard input is the order 0, its standard output the report 0, and its
     * standard error goes where ours does.
     */
    public static Child withOurErrors(List<String> command, List<String> environment, Path directory)
            throws IOException {
        return child(command, environment, directory, 1, 1, theirs -> actions -> {
            give(actions, theirs.get(0), 1);
            give(actions, theirs.get(1), 0);
            return FIRST_REPORT;
        });
    }

    /** Our end of a new pipe, opened anew by the JDK, whose reading does not keep a virtual thread's carrier. */
    private static InputStream fromChild(List<Integer> theirs) throws IOException {
        int[] pipe = new int[2];
        LibC.C.pipe2(pipe, O_CLOEXEC);
        try {
            theirs.add(LibC.C.fcntl(pipe[1], F_DUPFD_CLOEXEC, OUT_OF_THE_WAY));
            return new FileInputStream("/proc/self/fd/" + pipe[0]);
        } finally {
            LibC.C.close(pipe[0]);
            LibC.C.close(pipe[1]);
        }
    }

    private static OutputStream toChild(List<Integer> theirs) throws IOException {
        int[] pipe = new int[2];
        LibC.C.pipe2(pipe, O_CLOEXEC);
        try {
            theirs.add(LibC.C.fcntl(pipe[0], F_DUPFD_CLOEXEC, OUT_OF_THE_WAY));
            return new FileOutputStream("/proc/self/fd/" + pipe[1]);
        } finally {
            LibC.C.close(pipe[0]);
            LibC.C.close(pipe[1]);
        }
    }

    /** Gives the child its descriptors, and returns the number of the first that it does not get. */
    private interface Standard {
        int add(Memory actions);
    }

    private static void open(Memory actions, int descriptor, Path file, int flags) {
        check(LibC.C.posix_spawn_file_actions_addopen(actions, descriptor, PathBytes.terminated(file), flags, 0600));
    }

    private static void give(Memory actions, int ours, int descriptor) {
        check(LibC.C.posix_spawn_file_actions_adddup2(actions, ours, descriptor));
    }

    private static void closeAll(List<? extends Closeable> streams) throws IOException {
        for (Closeable stream : streams) {
            stream.close();
        }
    }

    private static int start(List<String> command, List<String> environment, Path directory, Standard standard) {
        try (Memory actions = new Memory(FILE_ACTIONS);
                Memory attributes = new Memory(ATTRIBUTES);
                Memory signals = new Memory(SIGNAL_SET);
                StringArray arguments = new StringArray(command.toArray(String[]::new), "UTF-8");
                StringArray variables = new StringArray(environment.toArray(String[]::new), "UTF-8")) {
            check(LibC.C.posix_spawn_file_actions_init(actions));
            check(LibC.C.posix_spawnattr_init(attributes));
            try {
                int next = standard.add(actions);
                check(LibC.C.posix_spawn_file_actions_addclosefrom_np(actions, next));
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
