package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.NativeLong;

/** The x32 architecture: programs with 32-bit pointers on a 64-bit x86 processor, which few kernels run. */
public final class X32 {

    /** Marks the number of a system call as one of x32. */
    private static final long CALL_BIT = 0x40000000L;

    private static final long GETPID = 39;
    private static final NativeLong NOTHING = new NativeLong(0);

    private X32() {}

    /** Whether the kernel answers the system calls of such programs. */
    public static boolean isSupported() {
        try {
            LibC.C.syscall(new NativeLong(CALL_BIT | GETPID), NOTHING, NOTHING, NOTHING, NOTHING);
            return true;
        } catch (LastErrorException unknownCall) {
            return false;
        }
    }
}
