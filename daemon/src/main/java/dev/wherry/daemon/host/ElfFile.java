package dev.wherry.daemon.host;

import java.nio.ByteBuffer;

/** The file of a program that needs no library: its headers, and after them code and constants, all of it one segment. */
public final class ElfFile {

    /** Where the file is in the memory of the program. */
    public static final int ADDRESS = 0x400000;

    /** Bytes of the headers, which come first. */
    public static final int HEADERS = 64 + 56;

    /** The processor of a program for x86-64. */
    public static final int X86_64 = 62;

    private ElfFile() {}

    /**
     * Writes the headers at the beginning of a file whose other parts are there.
     *
     * @param file of little-endian numbers
     * @param machine the kind of processor, such as {@link #X86_64}
     * @param entry the address at which the program begins
     * @param size of the whole file
     */
    public static void putHeaders(ByteBuffer file, int machine, int entry, int size) {
        file.position(0);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        // An executable for the processor, version 1; its entry, and where the table of segments is.
        file.putShort((short) 2).putShort((short) machine).putInt(1);
        file.putLong(entry).putLong(64).putLong(0).putInt(0);
        // Sizes of this header, and of the table of segments, which has one entry; no sections.
        file.putShort((short) 64).putShort((short) 56).putShort((short) 1);
        file.putShort((short) 64).putShort((short) 0).putShort((short) 0);
        // The whole file is loaded, readable and executable, in pages of up to 64 KiB.
        file.putInt(1).putInt(5).putLong(0).putLong(ADDRESS).putLong(ADDRESS);
        file.putLong(size).putLong(size).putLong(0x10000);
    }
}
