package dev.wherry.daemon.linux;

import com.sun.jna.LastErrorException;
import java.io.IOException;

/** A system call failed; the message names the call, what it was asked of, and the kernel's reason. */
public final class SystemCallException extends IOException {

    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EXDEV = 18;
    public static final int ENOTDIR = 20;
    public static final int EINVAL = 22;
    public static final int ENOSPC = 28;
    public static final int EROFS = 30;
    public static final int EPIPE = 32;
    public static final int ERANGE = 34;
    public static final int ENAMETOOLONG = 36;
    public static final int ELOOP = 40;
    public static final int ENODATA = 61;
    public static final int ENOTSUP = 95;
    public static final int ECONNRESET = 104;
    public static final int ECONNREFUSED = 111;
    public static final int EDQUOT = 122;

    private final int errno;

    SystemCallException(String call, Object subject, LastErrorException failure) {
        super(call + " " + subject + ": " + failure.getMessage().replaceFirst("^\\[\\d+] ", ""));
        this.errno = failure.getErrorCode();
    }

    /** The error number, as in errno(3). */
    public int errno() {
        return errno;
    }
}
