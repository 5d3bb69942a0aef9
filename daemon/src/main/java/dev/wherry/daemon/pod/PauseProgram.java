package dev.wherry.daemon.pod;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.UnsupportedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;

/**
 * The first process of a PID namespace that the containers of a pod share. It does nothing but wait; the kernel reaps for
 * it, since it ignores SIGCHLD. A program of a few system calls needs no library and no memory: it is written here as the
 * file that the kernel loads (ELF, one segment).
 */
final class PauseProgram {

    private static final long ADDRESS = 0x400000;
    private static final int HEADERS = 64 + 56;

    /**
     * rt_sigaction(SIGCHLD, {SIG_IGN, SA_NOCLDWAIT}, NULL, 8), then pause() for ever, for x86-64:
     *
     * <pre>
     * b80d000000       mov eax, 13
     * bf11000000       mov edi, 17
     * 488d3517000000   lea rsi, [rip + 23]
     * 31d2             xor edx, edx
     * 41ba08000000     mov r10d, 8
     * 0f05             syscall
     * b822000000       mov eax, 34
     * 0f05             syscall
     * ebf7             jmp -9
     * (padding)        nop x4
     * (action)         handler 1, flags 2, restorer 0, mask 0
     * </pre>
     */
    private static final String CODE = "b80d000000" + "bf11000000" + "488d3517000000" + "31d2" + "41ba08000000" + "0f05"
            + "b822000000" + "0f05" + "ebf7" + "90909090"
            + "0100000000000000" + "0200000000000000" + "0000000000000000" + "0000000000000000";

    private PauseProgram() {}

    /** Writes the program, unless it is there. */
    static Path write(Path file) {
        if (!System.getProperty("os.arch").equals("amd64")) {
            throw new UnsupportedException("a PID namespace of a pod needs a host of x86-64");
        }
        if (Files.exists(file)) {
            return file;
        }
        Path partial = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(partial);
            Files.write(partial, bytes());
            Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("r-xr-xr-x"));
            return Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new HostException("cannot write " + file + ": " + failure.getMessage(), failure);
        }
    }

    static byte[] bytes() {
        byte[] code = HexFormat.of().parseHex(CODE);
        long size = HEADERS + code.length;
        ByteBuffer headers = ByteBuffer.allocate(HEADERS).order(ByteOrder.LITTLE_ENDIAN);
        headers.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        // An executable for x86-64, version 1; its entry, and where the table of segments is.
        headers.putShort((short) 2).putShort((short) 62).putInt(1);
        headers.putLong(ADDRESS + HEADERS).putLong(64).putLong(0).putInt(0);
        // Sizes of this header, and of the table of segments, which has one entry; no sections.
        headers.putShort((short) 64).putShort((short) 56).putShort((short) 1);
        headers.putShort((short) 64).putShort((short) 0).putShort((short) 0);
        // The whole file is loaded, readable and executable, in pages of 4 KiB.
        headers.putInt(1).putInt(5).putLong(0).putLong(ADDRESS).putLong(ADDRESS);
        headers.putLong(size).putLong(size).putLong(0x1000);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(headers.array());
        out.writeBytes(code);
        return out.toByteArray();
    }
}
