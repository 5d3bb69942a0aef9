package dev.wherry.daemon.pod;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.UnsupportedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The first process of a PID namespace that the containers of a pod share. It does nothing but wait; the kernel reaps for
 * it, since it ignores SIGCHLD. A program of a few system calls needs no library and no memory: it is written here as the
 * file that the kernel loads (ELF, one segment).
 *
 * <p>Whoever may trace processes of the pod may take this one over, so it gives up all that it could be misused for: the
 * file system of the host, capabilities, and all system calls but a handful. What it does, with its working directory as
 * the root to be:
 *
 * <ol>
 *   <li>starts a child in a new PID namespace, writes the child's process ID to the descriptor {@value #TELLS_PID}, four
 *       bytes, and ends;
 *   <li>the child closes its standard streams, changes its root, and restricts itself; then it writes a byte to the
 *       descriptor {@value #TELLS_STEP}: 0, or the number of the step that failed, at which it ends;
 *   <li>it waits for a byte on the descriptor {@value #ORDERS}, so that one whose daemon was killed before it noted the
 *       process ends by itself; then it waits for ever.
 * </ol>
 */
final class PauseProgram {

    static final int TELLS_PID = 3;
    static final int TELLS_STEP = 4;
    static final int ORDERS = 5;

    private static final int ADDRESS = 0x400000;
    private static final int HEADERS = 64 + 56;

    private static final int SIGCHLD = 17;
    private static final int CLONE_NEWPID = 0x20000000;
    private static final int MNT_DETACH = 2;
    private static final int SET_SECCOMP = 22;
    private static final int SET_NO_NEW_PRIVS = 38;
    private static final int SECCOMP_FILTER = 2;
    private static final int SIGNAL_SET = 8;

    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int CLOSE = 3;
    private static final int RT_SIGACTION = 13;
    private static final int RT_SIGRETURN = 15;
    private static final int PAUSE = 34;
    private static final int CLONE = 56;
    private static final int CHDIR = 80;
    private static final int CAPSET = 126;
    private static final int PIVOT_ROOT = 155;
    private static final int PRCTL = 157;
    private static final int UMOUNT2 = 166;
    private static final int RESTART_SYSCALL = 219;
    private static final int EXIT_GROUP = 231;

    /** What it may still do; all else is answered with EPERM. */
    private static final int[] ALLOWED = {READ, WRITE, CLOSE, RT_SIGRETURN, PAUSE, RESTART_SYSCALL, EXIT_GROUP};

    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int ARCHITECTURE = 0xC000003E;
    private static final int ALLOW = 0x7FFF0000;
    private static final int REFUSE = 0x00050001;

    private final ByteBuffer file = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    private int failure;
    private int step;

    private PauseProgram() {}

    /** Writes the program, unless it is there. */
    static synchronized Path write(Path file) {
        if (!System.getProperty("os.arch").equals("amd64")) {
            throw new UnsupportedException("a PID namespace of a pod needs a host of x86-64");
        }
        byte[] bytes = bytes();
        Path partial = file.resolveSibling(file.getFileName() + ".new");
        try {
            // That of another release may do other things.
            if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), bytes)) {
                return file;
            }
            Files.deleteIfExists(partial);
            Files.write(partial, bytes);
            Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("r-xr-xr-x"));
            return Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new HostException("cannot write " + file + ": " + failure.getMessage(), failure);
        }
    }

    static byte[] bytes() {
        return new PauseProgram().assembled();
    }

    private byte[] assembled() {
        file.position(HEADERS);
        int ignore = address();
        // SIG_IGN, SA_NOCLDWAIT, no restorer, no mask.
        file.putLong(1).putLong(2).putLong(0).putLong(0);
        int capabilities = address();
        file.putInt(0x20080522).putInt(0);
        int none = address();
        file.putLong(0).putLong(0).putLong(0);
        int here = address();
        file.put((byte) '.').put((byte) 0);
        int top = address();
        file.put((byte) '/').put((byte) 0);
        int filter = filter();

        failure = file.position();
        instructions("881c24"); // mov [rsp], bl
        callWithStack(WRITE, TELLS_STEP, 1);
        call(EXIT_GROUP, 1);

        int entry = address();
        call(CLONE, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
        orFail();
        instructions("0f84"); // jz: the child
        int child = file.position();
        file.putInt(0);
        instructions("890424"); // mov [rsp], eax
        callWithStack(WRITE, TELLS_PID, Integer.BYTES);
        call(EXIT_GROUP, 0);

        file.putInt(child, file.position() - child - Integer.BYTES);
        for (int descriptor = 0; descriptor <= TELLS_PID; descriptor++) {
            call(CLOSE, descriptor);
        }
        call(PIVOT_ROOT, here, here);
        orFail();
        call(UMOUNT2, here, MNT_DETACH);
        orFail();
        call(CHDIR, top);
        orFail();
        call(RT_SIGACTION, SIGCHLD, ignore, 0, SIGNAL_SET);
        orFail();
        call(PRCTL, SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        orFail();
        call(CAPSET, capabilities, none);
        orFail();
        call(PRCTL, SET_SECCOMP, SECCOMP_FILTER, filter);
        orFail();
        instructions("c6042400"); // mov byte [rsp], 0
        callWithStack(WRITE, TELLS_STEP, 1);
        call(CLOSE, TELLS_STEP);
        callWithStack(READ, ORDERS, 1);
        instructions("4883f801"); // cmp rax, 1
        failIf("0f85"); // jne
        call(CLOSE, ORDERS);
        call(PAUSE);
        instructions("ebf7"); // jmp to the last call, 7 bytes before

        int size = file.position();
        headers(entry, size);
        byte[] bytes = new byte[size];
        file.get(0, bytes);
        return bytes;
    }

    private int address() {
        return ADDRESS + file.position();
    }

    /** The system calls that are allowed, as the kernel's filters say it; returns the address of its head. */
    private int filter() {
        int first = address();
        filterStep(LOAD_WORD, 0, 0, 4);
        filterStep(JUMP_IF_EQUAL, 0, ALLOWED.length + 1, ARCHITECTURE);
        filterStep(LOAD_WORD, 0, 0, 0);
        for (int i = 0; i < ALLOWED.length; i++) {
            filterStep(JUMP_IF_EQUAL, ALLOWED.length - i, 0, ALLOWED[i]);
        }
        filterStep(RETURN, 0, 0, REFUSE);
        filterStep(RETURN, 0, 0, ALLOW);
        int head = address();
        file.putLong((head - first) / Long.BYTES).putLong(first);
        return head;
    }

    private void filterStep(int code, int ifTrue, int ifFalse, int value) {
        file.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(value);
    }

    private void instructions(String hexadecimal) {
        file.put(HexFormat.of().parseHex(hexadecimal));
    }

    /** A system call with numbers as its arguments. */
    private void call(int number, int... arguments) {
        String[] moves = {"bf", "be", "ba", "41ba", "41b8"}; // mov edi, esi, edx, r10d, r8d
        for (int i = 0; i < arguments.length; i++) {
            instructions(moves[i]);
            file.putInt(arguments[i]);
        }
        instructions("b8"); // mov eax
        file.putInt(number);
        instructions("0f05"); // syscall
    }

    /** Reads or writes at the top of the stack. */
    private void callWithStack(int number, int descriptor, int length) {
        instructions("4889e6ba"); // mov rsi, rsp; mov edx
        file.putInt(length);
        call(number, descriptor);
    }

    private void orFail() {
        instructions("4885c0"); // test rax, rax
        failIf("0f88"); // js
    }

    private void failIf(String jump) {
        instructions("bb"); // mov ebx
        file.putInt(++step);
        instructions(jump);
        file.putInt(failure - file.position() - Integer.BYTES);
    }

    private void headers(int entry, int size) {
        file.position(0);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
        // An executable for x86-64, version 1; its entry, and where the table of segments is.
        file.putShort((short) 2).putShort((short) 62).putInt(1);
        file.putLong(entry).putLong(64).putLong(0).putInt(0);
        // Sizes of this header, and of the table of segments, which has one entry; no sections.
        file.putShort((short) 64).putShort((short) 56).putShort((short) 1);
        file.putShort((short) 64).putShort((short) 0).putShort((short) 0);
        // The whole file is loaded, readable and executable, in pages of 4 KiB.
        file.putInt(1).putInt(5).putLong(0).putLong(ADDRESS).putLong(ADDRESS);
        file.putLong(size).putLong(size).putLong(0x1000);
    }
}
