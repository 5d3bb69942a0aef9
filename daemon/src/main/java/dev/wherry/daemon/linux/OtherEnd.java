package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import org.jboss.logging.Logger;

/** Whether the other end of a connection is still there, as far as the kernel knows. */
public final class OtherEnd {

    private static final Logger LOG = Logger.getLogger(OtherEnd.class);

    /** struct pollfd, see poll(2): a descriptor, what is asked about it, and what was found. */
    private static final int POLLFD = 8;

    private static final int WANTED = 4;
    private static final int FOUND = 6;
    private static final int POLLERR = 8;
    private static final int POLLHUP = 16;
    private static final int POLLRDHUP = 0x2000;

    /** See SO_KEEPALIVE in socket(7) and tcp(7). */
    private static final int SOL_SOCKET = 1;

    private static final int SO_KEEPALIVE = 9;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_KEEPIDLE = 4;
    private static final int TCP_KEEPINTVL = 5;
    private static final int TCP_KEEPCNT = 6;

    private static final int SILENT_SECONDS = 30;
    private static final int SECONDS_BETWEEN = 15;
    private static final int MOST_UNANSWERED = 4;

    private OtherEnd() {}

    /**
     * Lets the kernel ask for the other end of a TCP connection when it is silent: of a host that is switched off, or of a
     * client that had ended its side before it vanished, nothing else tells. Without that, connections only last longer.
     */
    public static void askFor(SocketChannel connection) {
        int fd = SocketDescriptors.of(connection);
        try {
            set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
            set(fd, IPPROTO_TCP, TCP_KEEPIDLE, SILENT_SECONDS);
            set(fd, IPPROTO_TCP, TCP_KEEPINTVL, SECONDS_BETWEEN);
            set(fd, IPPROTO_TCP, TCP_KEEPCNT, MOST_UNANSWERED);
        } catch (LastErrorException failure) {
            LOG.debugf("the kernel does not watch a connection: %s", failure.getMessage());
        }
    }

    private static void set(int fd, int level, int name, int value) {
        LibC.C.setsockopt(fd, level, name, new int[] {value}, Integer.BYTES);
    }

    /** Whether the other end of a connection is closed, and not only for what it sends. */
    public static boolean isGone(SocketChannel accepted) {
        return isFound(accepted, 0);
    }

    /** Whether the other end has closed what it sends at least, although bytes may still be unread. */
    public static boolean hasEnded(SocketChannel accepted) {
        return isFound(accepted, POLLRDHUP);
    }

    private static boolean isFound(SocketChannel accepted, int more) {
        byte[] poll = new byte[POLLFD];
        ByteBuffer.wrap(poll)
                .order(ByteOrder.nativeOrder())
                .putInt(0, SocketDescriptors.of(accepted))
                .putShort(WANTED, (short) more);
        try {
            return !accepted.isOpen()
                    || LibC.C.poll(poll, new NativeLong(1), 0) > 0
                            && (ByteBuffer.wrap(poll)
                                                    .order(ByteOrder.nativeOrder())
                                                    .getShort(FOUND)
                                            & (POLLHUP | POLLERR | more))
                                    != 0;
        } catch (LastErrorException unknown) {
            return false;
        }
    }
}
