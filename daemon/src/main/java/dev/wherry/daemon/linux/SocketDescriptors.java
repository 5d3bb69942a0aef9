package dev.wherry.daemon.linux;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import sun.misc.Unsafe;

/**
 * The file descriptors of the JDK's sockets, which the JDK keeps to itself. On a JVM the field that holds the number is
 * read by its offset, and a method called that nobody else calls; the compiler of native executables puts {@link
 * InExecutable} in place of that.
 */
public final class SocketDescriptors {

    private static final int STANDARD_INPUT = 0;

    private SocketDescriptors() {}

    /** The number of an open socket's descriptor; it is the socket's as long as the socket is open. */
    static int of(SocketChannel socket) {
        return FieldOffset.UNSAFE.getInt(socket, FieldOffset.OF_DESCRIPTOR);
    }

    /**
     * A channel of a socket that this process was started with. The JDK makes such a channel of standard input only, so
     * that the socket becomes standard input; the channel has a descriptor of its own, and the given one is closed.
     *
     * @return empty when the descriptor is no socket
     * @throws IOException when there is no such descriptor
     */
    public static Optional<Channel> adopt(int descriptor) throws IOException {
        try {
            LibC.C.dup2(descriptor, STANDARD_INPUT);
            LibC.C.close(descriptor);
        } catch (LastErrorException failure) {
            throw new SystemCallException("dup2", descriptor, failure);
        }
        return Optional.ofNullable(ofStandardInput());
    }

    private static Channel ofStandardInput() throws IOException {
        try {
            Method method = Class.forName("sun.nio.ch.InheritedChannel").getDeclaredMethod("createChannel");
            method.setAccessible(true);
            return (Channel) method.invoke(null);
        } catch (InvocationTargetException failure) {
            throw new IOException(failure.getCause());
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException(changed);
        }
    }

    /** Initialised on a JVM alone. */
    @SuppressWarnings("removal")
    private static final class FieldOffset {

        private static final Unsafe UNSAFE;
        private static final long OF_DESCRIPTOR;

        static {
            try {
                Field theUnsafe = Unsafe.class.getDeclaredField("theUnsafe");
                theUnsafe.setAccessible(true);
                UNSAFE = (Unsafe) theUnsafe.get(null);
                OF_DESCRIPTOR = UNSAFE.objectFieldOffset(
                        Class.forName("sun.nio.ch.SocketChannelImpl").getDeclaredField("fdVal"));
            } catch (ReflectiveOperationException changed) {
                throw new ExceptionInInitializerError(changed);
            }
        }
    }

    @TargetClass(SocketDescriptors.class)
    static final class InExecutable {

        private InExecutable() {}

        @Substitute
        static int of(SocketChannel socket) {
            return ((OpenSocket) (Object) socket).fdVal;
        }

        @Substitute
        private static Channel ofStandardInput() throws IOException {
            return InheritedChannel.createChannel();
        }
    }

    @TargetClass(className = "sun.nio.ch.InheritedChannel")
    static final class InheritedChannel {

        @Alias
        static native Channel createChannel() throws IOException;
    }

    @TargetClass(className = "sun.nio.ch.SocketChannelImpl")
    static final class OpenSocket {

        @Alias
        int fdVal;
    }
}
