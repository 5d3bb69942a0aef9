package dev.wherry.daemon.api.docker.container;

/** The mode of a file as Go's {@code os.FileMode} has it, whose bits above the permissions are others than the kernel's. */
final class GoFileMode {

    private static final int KIND = 0170000;

    private GoFileMode() {}

    /** @param mode as {@code stat(2)} has it */
    static long of(int mode) {
        long bits = mode & 0777;
        bits |= (mode & 04000) != 0 ? 1L << 23 : 0;
        bits |= (mode & 02000) != 0 ? 1L << 22 : 0;
        bits |= (mode & 01000) != 0 ? 1L << 20 : 0;
        return bits
                | switch (mode & KIND) {
                    case 0040000 -> 1L << 31;
                    case 0120000 -> 1L << 27;
                    case 0060000 -> 1L << 26;
                    case 0020000 -> 1L << 26 | 1L << 21;
                    case 0010000 -> 1L << 25;
                    case 0140000 -> 1L << 24;
                    default -> 0;
                };
    }
}
