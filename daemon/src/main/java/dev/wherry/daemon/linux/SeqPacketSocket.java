package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A client's end of a unix socket that keeps message boundaries (SOCK_SEQPACKET), which the JDK does not offer. Calls
 * block in the kernel, so they belong on platform threads. Any thread may close it: a blocked {@link #receive} then
 * returns as at the end of the stream, a blocked {@link #send} fails.
 */
public final class SeqPacketSocket implements AutoCloseable {

    private static final short AF_UNIX = 1;
    private static final int SOCK_SEQPACKET_CLOEXEC = 5 | 02000000;
    private static final int O_PATH_DIRECTORY_CLOEXEC = 010000000 | 0200000 | 02000000;
    private static final int SHUT_WR = 1;
    private static final int SHUT_RDWR = 2;
    private static final int MSG_NOSIGNAL = 0x4000;
    /** Of sun_path, with its NUL. */
    private static final int LONGEST_ADDRESS = 108;

    private final int fd;
    private final Path path;
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Calls hold it shared, so that the descriptor is not closed, and its number given away, under them. */
    private final ReadWriteLock inUse = new ReentrantReadWriteLock();

    private SeqPacketSocket(int fd, Path path) {
        this.fd = fd;
        this.path = path;
    }

    /** Connects to the socket at this path, of whatever length. */
    public static SeqPacketSocket connect(Path path) throws SystemCallException {
        try {
            byte[] name = PathBytes.of(path);
            if (name.length < LONGEST_ADDRESS) {
                return connect(path, name);
            }
            int directory = LibC.C.open(PathBytes.terminated(path.getParent()), O_PATH_DIRECTORY_CLOEXEC, 0);
            try {
                byte[] prefix = ("/proc/self/fd/" + directory + "/").getBytes(StandardCharsets.US_ASCII);
                byte[] file = PathBytes.of(path.getFileName());
                byte[] address = Arrays.copyOf(prefix, prefix.length + file.length);
                System.arraycopy(file, 0, address, prefix.length, file.length);
                if (address.length >= LONGEST_ADDRESS) {
                    throw new LastErrorException(SystemCallException.ENAMETOOLONG);
                }
                return connect(path, address);
            } finally {
                LibC.C.close(directory);
            }
        } catch (LastErrorException failure) {
            throw new SystemCallException("connect", path, failure);
        }
    }

    private static SeqPacketSocket connect(Path path, byte[] name) {
        ByteBuffer address = ByteBuffer.allocate(Short.BYTES + name.length + 1).order(ByteOrder.nativeOrder());
        address.putShort(AF_UNIX).put(name);
        int fd = LibC.C.socket(AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0);
        try {
            LibC.C.connect(fd, address.array(), address.capacity());
            return new SeqPacketSocket(fd, path);
        } catch (LastErrorException failure) {
            LibC.C.close(fd);
            throw failure;
        }
    }

    /**
     * Waits for the next message and puts it at the beginning of the buffer; what does not fit is lost.
     *
     * @return the length of the message, or -1 when the peer has closed or this socket is closed
     */
    public int receive(byte[] buffer) throws SystemCallException {
        inUse.readLock().lock();
        try {
            while (!closed.get()) {
                try {
                    int length = LibC.C
                            .recv(fd, buffer, new NativeLong(buffer.length), 0)
                            .intValue();
                    return length == 0 ? -1 : length;
                } catch (LastErrorException failure) {
                    if (failure.getErrorCode() == SystemCallException.ECONNRESET) {
                        return -1;
                    }
                    if (failure.getErrorCode() != SystemCallException.EINTR) {
                        throw new SystemCallException("receive", path, failure);
                    }
                }
            }
            return -1;
        } finally {
            inUse.readLock().unlock();
        }
    }

    /** Sends the first {@code length} bytes of the buffer as one message. */
    public void send(byte[] buffer, int length) throws SystemCallException {
        inUse.readLock().lock();
        try {
            while (true) {
                if (closed.get()) {
                    throw new LastErrorException(SystemCallException.EPIPE);
                }
                try {
                    LibC.C.send(fd, buffer, new NativeLong(length), MSG_NOSIGNAL);
                    return;
                } catch (LastErrorException failure) {
                    if (failure.getErrorCode() != SystemCallException.EINTR) {
                        throw failure;
                    }
                }
            }
        } catch (LastErrorException failure) {
            throw new SystemCallException("send", path, failure);
        } finally {
            inUse.readLock().unlock();
        }
    }

    /** Tells the peer that nothing more will be sent; receiving goes on. */
    public void shutdownOutput() throws SystemCallException {
        inUse.readLock().lock();
        try {
            if (!closed.get()) {
                LibC.C.shutdown(fd, SHUT_WR);
            }
        } catch (LastErrorException failure) {
            throw new SystemCallException("shutdown", path, failure);
        } finally {
            inUse.readLock().unlock();
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            LibC.C.shutdown(fd, SHUT_RDWR);
        } catch (LastErrorException peerIsGone) {
            // Then nothing blocks on it either.
        }
        inUse.writeLock().lock();
        try {
            LibC.C.close(fd);
        } finally {
            inUse.writeLock().unlock();
        }
    }
}
