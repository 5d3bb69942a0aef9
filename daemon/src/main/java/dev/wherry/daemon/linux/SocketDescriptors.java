package dev.wherry.daemon.linux;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.lang.reflect.Field;
import java.nio.channels.SocketChannel;
import sun.misc.Unsafe;

/**
 * The file descriptors of the JDK's sockets, which the JDK keeps to itself. On a JVM the field that holds the number is
 * read by its offset; the compiler of native executables puts {@link InExecutable} in place of that.
 */
final class SocketDescriptors {

    private SocketDescriptors() {}

    /** The number of an open socket's descriptor; it is the socket's as long as the socket is open. */
    static int of(SocketChannel socket) {
        return FieldOffset.UNSAFE.getInt(socket, FieldOffset.OF_DESCRIPTOR);
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
    }

    @TargetClass(className = "sun.nio.ch.SocketChannelImpl")
    static final class OpenSocket {

        @Alias
        int fdVal;
    }
}
