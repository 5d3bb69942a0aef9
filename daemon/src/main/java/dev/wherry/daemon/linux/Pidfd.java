package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Signals by a descriptor of the process (pidfd_open(2), Linux 5.3): an ID that the kernel has given to another process
 * meanwhile is noticed, and nobody else is ever hit.
 */
public final class Pidfd {

    // The same on all architectures; glibc knows the calls by name only since 2.36.
    private static final long PIDFD_SEND_SIGNAL = 424;
    private static final long PIDFD_OPEN = 434;
    private static final int ENOSYS = 38;
    /** struct pollfd, see poll(2). */
    private static final int POLLFD = 8;

    private static final int POLLIN = 1;
    private static final NativeLong NOTHING = new NativeLong(0);

    private Pidfd() {}

    /**
     * Sends a signal to the process that was started at this time.
     *
     * @param startTime as {@link Processes#startTime} tells it
     * @return false when that process is gone
     */
    public static boolean signal(int pid, long startTime, int signal) throws SystemCallException {
        int descriptor;
        try {
            descriptor = (int) call(PIDFD_OPEN, pid, 0);
        } catch (LastErrorException failure) {
            return switch (failure.getErrorCode()) {
                // The latter while the ID is still that of a session, or of a group of processes.
                case SystemCallException.ESRCH, SystemCallException.EINVAL -> false;
                case ENOSYS -> isSame(pid, startTime) && Processes.kill(pid, signal);
                default -> throw new SystemCallException("pidfd_open", pid, failure);
            };
        }
        try {
            // Now the descriptor names whoever has the ID, for good: is it the one that is meant?
            if (!isSame(pid, startTime)) {
                return false;
            }
            call(PIDFD_SEND_SIGNAL, descriptor, signal);
            return true;
        } catch (LastErrorException failure) {
            if (failure.getErrorCode() == SystemCallException.ESRCH) {
                return false;
            }
            throw new SystemCallException("pidfd_send_signal", pid, failure);
        } finally {
            LibC.C.close(descriptor);
        }
    }

    /**
     * A process that is held: its ID may go to another one, this stays the one that was meant. To be closed; whoever asks
     * meanwhile learns that it has ended.
     */
    public static final class Held implements AutoCloseable {

        private final int descriptor;
        private boolean closed;

        private Held(int descriptor) {
            this.descriptor = descriptor;
        }

        /** Whether it has not ended, which costs a call of the kernel and no file. */
        public synchronized boolean isAlive() {
            byte[] asked = ByteBuffer.allocate(POLLFD)
                    .order(ByteOrder.nativeOrder())
                    .putInt(descriptor)
                    .putShort((short) POLLIN)
                    .array();
            return !closed && LibC.C.poll(asked, new NativeLong(1), 0) == 0;
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                LibC.C.close(descriptor);
            }
        }
    }

    /** The process that was started at this time; empty when it is gone. */
    public static Optional<Held> hold(int pid, long startTime) throws SystemCallException {
        try {
            Held held = new Held((int) call(PIDFD_OPEN, pid, 0));
            if (isSame(pid, startTime)) {
                return Optional.of(held);
            }
            held.close();
            return Optional.empty();
        } catch (LastErrorException failure) {
            if (failure.getErrorCode() == SystemCallException.ESRCH
                    || failure.getErrorCode() == SystemCallException.EINVAL) {
                return Optional.empty();
            }
            throw new SystemCallException("pidfd_open", pid, failure);
        }
    }

    private static boolean isSame(int pid, long startTime) {
        return Processes.startTime(pid).orElse(-1) == startTime;
    }

    private static long call(long number, int first, int second) throws LastErrorException {
        return LibC.C
                .syscall(new NativeLong(number), new NativeLong(first), new NativeLong(second), NOTHING, NOTHING)
                .longValue();
    }
}
