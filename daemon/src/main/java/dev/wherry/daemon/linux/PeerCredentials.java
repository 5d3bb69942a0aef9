package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Who connected to a unix socket, as the kernel noted it then: a process that changes its user later, or ends, changes
 * nothing here. See SO_PEERCRED and SO_PEERGROUPS in unix(7).
 *
 * @param groups supplementary groups; not asked for when the user is root
 */
public record PeerCredentials(int uid, int gid, int pid, List<Integer> groups) {

    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SO_PEERGROUPS = 59;
    private static final int CREDENTIALS = 3 * Integer.BYTES;
    private static final int FEW_GROUPS = 64;
    /** NGROUPS_MAX of the kernel. */
    private static final int MOST_GROUPS = 65_536;

    /** struct pollfd, see poll(2): a descriptor, what is asked about it, and what was found. */
    private static final int POLLFD = 8;

    private static final int WANTED = 4;
    private static final int FOUND = 6;
    private static final int POLLERR = 8;
    private static final int POLLHUP = 16;
    private static final int POLLRDHUP = 0x2000;

    public PeerCredentials {
        groups = List.copyOf(groups);
    }

    /** @param accepted the server's end of a connection */
    public static PeerCredentials of(SocketChannel accepted) throws SystemCallException {
        int fd = SocketDescriptors.of(accepted);
        try {
            ByteBuffer credentials = option(fd, SO_PEERCRED, CREDENTIALS);
            int pid = credentials.getInt();
            int uid = credentials.getInt();
            int gid = credentials.getInt();
            return new PeerCredentials(uid, gid, pid, uid == 0 ? List.of() : groups(fd));
        } catch (LastErrorException failure) {
            throw new SystemCallException("getsockopt", accepted, failure);
        }
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

    private static List<Integer> groups(int fd) {
        ByteBuffer found;
        try {
            found = option(fd, SO_PEERGROUPS, FEW_GROUPS * Integer.BYTES);
        } catch (LastErrorException tooMany) {
            if (tooMany.getErrorCode() != SystemCallException.ERANGE) {
                throw tooMany;
            }
            found = option(fd, SO_PEERGROUPS, MOST_GROUPS * Integer.BYTES);
        }
        List<Integer> groups = new ArrayList<>();
        while (found.remaining() >= Integer.BYTES) {
            groups.add(found.getInt());
        }
        return groups;
    }

    private static ByteBuffer option(int fd, int name, int room) {
        byte[] value = new byte[room];
        int[] length = {room};
        LibC.C.getsockopt(fd, SOL_SOCKET, name, value, length);
        return ByteBuffer.wrap(value, 0, length[0]).order(ByteOrder.nativeOrder());
    }
}
