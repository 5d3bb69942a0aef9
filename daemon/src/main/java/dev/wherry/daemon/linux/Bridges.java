package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Bridges of the host's kernel, and what is alike for other interfaces. */
public final class Bridges {

    private static final Path INTERFACES = Path.of("/sys/class/net");

    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 02000000;
    private static final long SIOCSIFFLAGS = 0x8914;
    private static final long SIOCSIFHWADDR = 0x8924;
    private static final long SIOCBRDELBR = 0x89a1;
    /** {@code struct ifreq}: the name, then flags, or a family and an address. */
    private static final int REQUEST_SIZE = 40;

    private static final int NAME_SIZE = 16;
    private static final short ARPHRD_ETHER = 1;
    private static final short IFF_UP = 1;
    private static final int ENXIO = 6;
    private static final int ENODEV = 19;

    private Bridges() {}

    /** True if there is an interface of that name, whatever its kind. */
    public static boolean isInterface(String name) {
        return Files.exists(INTERFACES.resolve(name));
    }

    public static boolean exists(String name) {
        return Files.isDirectory(INTERFACES.resolve(name).resolve("bridge"));
    }

    /** Removes a bridge with whatever is connected to it; none of that name is fine. */
    public static void remove(String name) throws SystemCallException {
        try {
            int socket = LibC.C.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
            try {
                // Without flags: down, which a bridge must be to be removed.
                LibC.C.ioctl(socket, new NativeLong(SIOCSIFFLAGS), request(name));
                LibC.C.ioctl(socket, new NativeLong(SIOCBRDELBR), request(name));
            } finally {
                LibC.C.close(socket);
            }
        } catch (LastErrorException failure) {
            if (failure.getErrorCode() != ENODEV && failure.getErrorCode() != ENXIO) {
                throw new SystemCallException("remove bridge", name, failure);
            }
        }
    }

    /**
     * Keeps the hardware address that a bridge has. One that was never set follows the bridge's ports, so that those
     * connected to it send to a wrong address for a while whenever another comes or goes.
     */
    public static void keepAddress(String name) throws IOException {
        byte[] address = HexFormat.ofDelimiter(":")
                .parseHex(Files.readString(INTERFACES.resolve(name).resolve("address"))
                        .strip());
        byte[] request = request(name);
        ByteBuffer.wrap(request)
                .order(ByteOrder.nativeOrder())
                .position(NAME_SIZE)
                .putShort(ARPHRD_ETHER)
                .put(address);
        try {
            int socket = LibC.C.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
            try {
                LibC.C.ioctl(socket, new NativeLong(SIOCSIFHWADDR), request);
            } finally {
                LibC.C.close(socket);
            }
        } catch (LastErrorException failure) {
            throw new SystemCallException("set address of bridge", name, failure);
        }
    }

    /** Raises an interface of the namespace that this thread is in. */
    static void raise(String name) {
        int socket = LibC.C.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
        try {
            byte[] request = request(name);
            ByteBuffer.wrap(request).order(ByteOrder.nativeOrder()).putShort(NAME_SIZE, IFF_UP);
            LibC.C.ioctl(socket, new NativeLong(SIOCSIFFLAGS), request);
        } finally {
            LibC.C.close(socket);
        }
    }

    private static byte[] request(String name) {
        ByteBuffer request = ByteBuffer.allocate(REQUEST_SIZE).order(ByteOrder.nativeOrder());
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        return request.put(bytes, 0, Math.min(bytes.length, NAME_SIZE - 1)).array();
    }
}
