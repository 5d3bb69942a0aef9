package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.nio.file.Path;

/** Named pipes. */
public final class Fifo {

    private static final int O_RDWR_NONBLOCK_NOFOLLOW_CLOEXEC = 2 | 04000 | 0400000 | 02000000;
    private static final int O_WRONLY_NONBLOCK_NOFOLLOW_CLOEXEC = 1 | 04000 | 0400000 | 02000000;
    private static final byte POLLIN = 1;
    private static final int POLLFD = 8;
    private static final int EVENTS = 4;
    private static final int FOUND = 6;

    private Fifo() {}

    /**
     * Opens an existing pipe, which lets go on who waits to write to it, and waits for a byte.
     *
     * @return whether one came in time
     * @throws SystemCallException when there is no such pipe
     */
    public static boolean awaitByte(Path path, int milliseconds) throws SystemCallException {
        try {
            // For writing too, as then the end of the writer is no end of the pipe.
            int fd = LibC.C.open(PathBytes.terminated(path), O_RDWR_NONBLOCK_NOFOLLOW_CLOEXEC, 0);
            try {
                return isReadable(fd, milliseconds)
                        && LibC.C.read(fd, new byte[1], new NativeLong(1)).intValue() == 1;
            } finally {
                LibC.C.close(fd);
            }
        } catch (LastErrorException failure) {
            throw new SystemCallException("open", path, failure);
        }
    }

    /**
     * Writes a byte to an existing pipe that somebody reads.
     *
     * @throws SystemCallException when there is no such pipe, or nobody reads it
     */
    public static void giveByte(Path path) throws SystemCallException {
        try {
            int fd = LibC.C.open(PathBytes.terminated(path), O_WRONLY_NONBLOCK_NOFOLLOW_CLOEXEC, 0);
            try {
                LibC.C.write(fd, new byte[1], new NativeLong(1));
            } finally {
                LibC.C.close(fd);
            }
        } catch (LastErrorException failure) {
            throw new SystemCallException("open", path, failure);
        }
    }

    private static boolean isReadable(int fd, int milliseconds) {
        byte[] wanted = new byte[POLLFD];
        java.nio.ByteBuffer.wrap(wanted).order(java.nio.ByteOrder.nativeOrder()).putInt(0, fd);
        wanted[EVENTS] = POLLIN;
        long deadline = System.nanoTime() + milliseconds * 1_000_000L;
        while (true) {
            int left = (int) Math.max(0, (deadline - System.nanoTime()) / 1_000_000);
            try {
                return LibC.C.poll(wanted, new NativeLong(1), left) > 0 && (wanted[FOUND] & POLLIN) != 0;
            } catch (LastErrorException failure) {
                if (failure.getErrorCode() != SystemCallException.EINTR) {
                    throw failure;
                }
            }
        }
    }
}
