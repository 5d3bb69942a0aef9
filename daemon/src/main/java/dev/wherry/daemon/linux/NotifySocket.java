package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The service manager's end of a datagram socket, as {@code sd_notify(3)} describes it.
 *
 * @param address an absolute path, or {@code @} and the name of an abstract socket
 */
public record NotifySocket(String address) {

    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 02000000;
    private static final int MSG_NOSIGNAL = 0x4000;
    /** Of sun_path. */
    private static final int LONGEST_ADDRESS = 108;

    /** Sends one datagram: assignments such as {@code READY=1}, each on a line of its own. */
    public void send(String state) throws SystemCallException {
        byte[] message = state.getBytes(StandardCharsets.UTF_8);
        try {
            byte[] socketAddress = socketAddress();
            int fd = LibC.C.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
            try {
                LibC.C.connect(fd, socketAddress, socketAddress.length);
                LibC.C.send(fd, message, new NativeLong(message.length), MSG_NOSIGNAL);
            } finally {
                LibC.C.close(fd);
            }
        } catch (LastErrorException failure) {
            throw new SystemCallException("notify", Path.of(address.replace('\0', '?')), failure);
        }
    }

    /** A path ends with a NUL; the name of an abstract socket begins with one, and every byte of it counts. */
    private byte[] socketAddress() {
        byte[] name = address.getBytes(StandardCharsets.UTF_8);
        boolean isAbstract = address.startsWith("@");
        if (name.length == 0 || name.length >= LONGEST_ADDRESS || !(isAbstract || address.startsWith("/"))) {
            throw new LastErrorException(SystemCallException.EINVAL);
        }
        ByteBuffer bytes = ByteBuffer.allocate(Short.BYTES + name.length + (isAbstract ? 0 : 1))
                .order(ByteOrder.nativeOrder());
        bytes.putShort(AF_UNIX).put(name);
        if (isAbstract) {
            bytes.put(Short.BYTES, (byte) 0);
        }
        return bytes.array();
    }
}
