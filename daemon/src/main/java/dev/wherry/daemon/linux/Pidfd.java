package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;

/**
 * Signals by a descriptor of the process (pidfd_open(2), Linux 5.3): an ID that the kernel has given to another process
 * meanwhile is noticed, and nobody else is ever hit.
 */
public final class Pidfd {

    // The same on all architectures; glibc knows the calls by name only since 2.36.
    private static final long PIDFD_SEND_SIGNAL = 424;
    private static final long PIDFD_OPEN = 434;
    private static final int EINVAL = 22;
    private static final int ENOSYS = 38;
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
                case SystemCallException.ESRCH, EINVAL -> false;
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

    private static boolean isSame(int pid, long startTime) {
        return Processes.startTime(pid).orElse(-1) == startTime;
    }

    private static long call(long number, int first, int second) throws LastErrorException {
        return LibC.C
                .syscall(new NativeLong(number), new NativeLong(first), new NativeLong(second), NOTHING, NOTHING)
                .longValue();
    }
}
