package dev.wherry.daemon.pod;

import static dev.wherry.daemon.pod.MachineCode.Call.CAPSET;
import static dev.wherry.daemon.pod.MachineCode.Call.CHDIR;
import static dev.wherry.daemon.pod.MachineCode.Call.CLONE;
import static dev.wherry.daemon.pod.MachineCode.Call.CLOSE;
import static dev.wherry.daemon.pod.MachineCode.Call.EXIT_GROUP;
import static dev.wherry.daemon.pod.MachineCode.Call.PIVOT_ROOT;
import static dev.wherry.daemon.pod.MachineCode.Call.PRCTL;
import static dev.wherry.daemon.pod.MachineCode.Call.READ;
import static dev.wherry.daemon.pod.MachineCode.Call.RESTART_SYSCALL;
import static dev.wherry.daemon.pod.MachineCode.Call.RT_SIGACTION;
import static dev.wherry.daemon.pod.MachineCode.Call.RT_SIGRETURN;
import static dev.wherry.daemon.pod.MachineCode.Call.UMOUNT2;
import static dev.wherry.daemon.pod.MachineCode.Call.WAIT;
import static dev.wherry.daemon.pod.MachineCode.Call.WRITE;

import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.host.ElfFile;
import dev.wherry.daemon.pod.MachineCode.Call;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;

/**
 * The first process of a PID namespace that the containers of a pod share. It does nothing but wait; the kernel reaps for
 * it, since it ignores SIGCHLD. A program of a few system calls needs no library and no memory: it is written here as the
 * file that the kernel loads (ELF, one segment), with the instructions of the host's processor.
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

    private static final int SIGCHLD = 17;
    private static final int CLONE_NEWPID = 0x20000000;
    private static final int MNT_DETACH = 2;
    private static final int SET_SECCOMP = 22;
    private static final int SET_NO_NEW_PRIVS = 38;
    private static final int SECCOMP_FILTER = 2;
    private static final int SIGNAL_SET = 8;

    /** What it may still do; all else is answered with EPERM. */
    private static final List<Call> ALLOWED =
            List.of(READ, WRITE, CLOSE, RT_SIGRETURN, WAIT, RESTART_SYSCALL, EXIT_GROUP);

    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int ALLOW = 0x7FFF0000;
    private static final int REFUSE = 0x00050001;

    private final ByteBuffer file = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    private final MachineCode code;

    private PauseProgram(String processor) {
        this.code = MachineCode.of(processor, file);
    }

    /** Writes the program, unless it is there. */
    static synchronized Path write(Path file) {
        byte[] bytes = bytes(System.getProperty("os.arch"));
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

    /** @param processor as Java calls it */
    static byte[] bytes(String processor) {
        return new PauseProgram(processor).assembled();
    }

    private byte[] assembled() {
        file.position(ElfFile.HEADERS);
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

        code.failsHere();
        code.storeStep();
        code.callWithStack(WRITE, TELLS_STEP, 1);
        code.call(EXIT_GROUP, 1);

        int entry = address();
        code.call(CLONE, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
        code.orFail();
        int child = code.ifZero();
        code.storeResult();
        code.callWithStack(WRITE, TELLS_PID, Integer.BYTES);
        code.call(EXIT_GROUP, 0);

        code.here(child);
        for (int descriptor = 0; descriptor <= TELLS_PID; descriptor++) {
            code.call(CLOSE, descriptor);
        }
        code.call(PIVOT_ROOT, here, here);
        code.orFail();
        code.call(UMOUNT2, here, MNT_DETACH);
        code.orFail();
        code.call(CHDIR, top);
        code.orFail();
        code.call(RT_SIGACTION, SIGCHLD, ignore, 0, SIGNAL_SET);
        code.orFail();
        code.call(PRCTL, SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        code.orFail();
        code.call(CAPSET, capabilities, none);
        code.orFail();
        code.call(PRCTL, SET_SECCOMP, SECCOMP_FILTER, filter);
        code.orFail();
        code.storeZero();
        code.callWithStack(WRITE, TELLS_STEP, 1);
        code.call(CLOSE, TELLS_STEP);
        code.callWithStack(READ, ORDERS, 1);
        code.unlessOneFail();
        code.call(CLOSE, ORDERS);
        int wait = file.position();
        code.call(WAIT, 0, 0, 0, 0, 0);
        code.jump(wait);

        int size = file.position();
        ElfFile.putHeaders(file, code.machine(), entry, size);
        byte[] bytes = new byte[size];
        file.get(0, bytes);
        return bytes;
    }

    private int address() {
        return ElfFile.ADDRESS + file.position();
    }

    /** The system calls that are allowed, as the kernel's filters say it; returns the address of its head. */
    private int filter() {
        int first = address();
        filterStep(LOAD_WORD, 0, 0, 4);
        filterStep(JUMP_IF_EQUAL, 0, ALLOWED.size() + 1, code.architecture());
        filterStep(LOAD_WORD, 0, 0, 0);
        for (int i = 0; i < ALLOWED.size(); i++) {
            filterStep(JUMP_IF_EQUAL, ALLOWED.size() - i, 0, code.number(ALLOWED.get(i)));
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
}
