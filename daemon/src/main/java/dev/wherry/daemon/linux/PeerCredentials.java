package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
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
