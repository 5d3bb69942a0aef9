package dev.wherry.daemon.api.docker.http;

/** The mode of a file as Go's {@code os.FileMode} has it, whose bits above the permissions are others than the kernel's. */
public final class GoFileMode {

    private static final int KIND = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int SYMLINK = 0120000;
    private static final int REGULAR = 0100000;
    private static final int BLOCK = 0060000;
    private static final int CHARACTER = 0020000;
    private static final int FIFO = 0010000;
    private static final int SOCKET = 0140000;

    private static final long GO_DIRECTORY = 1L << 31;
    private static final long GO_SYMLINK = 1L << 27;
    private static final long GO_DEVICE = 1L << 26;
    private static final long GO_FIFO = 1L << 25;
    private static final long GO_SOCKET = 1L << 24;
    private static final long GO_SETUID = 1L << 23;
    private static final long GO_SETGID = 1L << 22;
    private static final long GO_CHARACTER = 1L << 21;
    private static final long GO_STICKY = 1L << 20;
    private static final long GO_IRREGULAR = 1L << 19;
    private static final long GO_KIND =
            GO_DIRECTORY | GO_SYMLINK | GO_DEVICE | GO_FIFO | GO_SOCKET | GO_CHARACTER | GO_IRREGULAR;

    private GoFileMode() {}

    /** @param mode as {@code stat(2)} has it */
    public static long of(int mode) {
        long bits = mode & 0777;
        bits |= (mode & 04000) != 0 ? GO_SETUID : 0;
        bits |= (mode & 02000) != 0 ? GO_SETGID : 0;
        bits |= (mode & 01000) != 0 ? GO_STICKY : 0;
        return bits
                | switch (mode & KIND) {
                    case DIRECTORY -> GO_DIRECTORY;
                    case SYMLINK -> GO_SYMLINK;
                    case BLOCK -> GO_DEVICE;
                    case CHARACTER -> GO_DEVICE | GO_CHARACTER;
                    case FIFO -> GO_FIFO;
                    case SOCKET -> GO_SOCKET;
                    default -> 0;
                };
    }

    /** The same as {@code stat(2)} has it. */
    public static int toKernel(int goMode) {
        long mode = Integer.toUnsignedLong(goMode);
        int bits = (int) (mode & 0777);
        bits |= (mode & GO_SETUID) != 0 ? 04000 : 0;
        bits |= (mode & GO_SETGID) != 0 ? 02000 : 0;
        bits |= (mode & GO_STICKY) != 0 ? 01000 : 0;
        return bits | kind(mode);
    }

    private static int kind(long mode) {
        if ((mode & GO_KIND) == 0) {
            return REGULAR;
        }
        if ((mode & GO_DIRECTORY) != 0) {
            return DIRECTORY;
        }
        if ((mode & GO_SYMLINK) != 0) {
            return SYMLINK;
        }
        if ((mode & GO_DEVICE) != 0) {
            return (mode & GO_CHARACTER) != 0 ? CHARACTER : BLOCK;
        }
        return (mode & GO_FIFO) != 0 ? FIFO : SOCKET;
    }

    public static boolean isRegular(int goMode) {
        return (Integer.toUnsignedLong(goMode) & GO_KIND) == 0;
    }

    public static boolean isSymlink(int goMode) {
        return toKernelKind(goMode) == SYMLINK;
    }

    private static int toKernelKind(int goMode) {
        return toKernel(goMode) & KIND;
    }
}
