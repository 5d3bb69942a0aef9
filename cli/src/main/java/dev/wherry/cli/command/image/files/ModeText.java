package dev.wherry.cli.command.image.files;

/** Type and permissions of a file as ls(1) writes them: {@code -rwsr-xr-x}. */
final class ModeText {
    private static final int TYPE = 0170000;
    private static final int SET_USER = 04000;
    private static final int SET_GROUP = 02000;
    private static final int STICKY = 01000;

    private ModeText() {}

    /** @param mode as stat(2) has it */
    static String of(int mode) {
        StringBuilder text = new StringBuilder();
        text.append(
                switch (mode & TYPE) {
                    case 0140000 -> 's';
                    case 0120000 -> 'l';
                    case 0060000 -> 'b';
                    case 0040000 -> 'd';
                    case 0020000 -> 'c';
                    case 0010000 -> 'p';
                    default -> '-';
                });
        triple(text, mode >> 6, (mode & SET_USER) != 0, 's', 'S');
        triple(text, mode >> 3, (mode & SET_GROUP) != 0, 's', 'S');
        triple(text, mode, (mode & STICKY) != 0, 't', 'T');
        return text.toString();
    }

    private static void triple(StringBuilder text, int bits, boolean special, char executable, char plain) {
        text.append((bits & 4) != 0 ? 'r' : '-').append((bits & 2) != 0 ? 'w' : '-');
        boolean executes = (bits & 1) != 0;
        if (special) {
            text.append(executes ? executable : plain);
        } else {
            text.append(executes ? 'x' : '-');
        }
    }
}
