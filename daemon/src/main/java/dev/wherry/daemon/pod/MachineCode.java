package dev.wherry.daemon.pod;

import dev.wherry.daemon.error.UnsupportedException;
import java.nio.ByteBuffer;

/**
 * Writes what {@link PauseProgram} does as instructions of one kind of processor. After a system call its result can be
 * checked once: {@link #orFail}, {@link #unlessOneFail} or {@link #ifZero}, of which the last follows the first.
 */
abstract sealed class MachineCode permits MachineCodeOfArm, MachineCodeOfX86 {

    /** The system calls that the program makes. Their numbers differ. */
    enum Call {
        READ(0, 63),
        WRITE(1, 64),
        CLOSE(3, 57),
        RT_SIGACTION(13, 134),
        RT_SIGRETURN(15, 139),
        /** Waits for a signal: {@code pause}, or where there is none, {@code ppoll} for nothing. */
        WAIT(34, 73),
        CLONE(56, 220),
        CHDIR(80, 49),
        CAPSET(126, 91),
        PIVOT_ROOT(155, 41),
        PRCTL(157, 167),
        UMOUNT2(166, 39),
        RESTART_SYSCALL(219, 128),
        EXIT_GROUP(231, 94);

        final int x86;
        final int arm;

        Call(int x86, int arm) {
            this.x86 = x86;
            this.arm = arm;
        }
    }

    final ByteBuffer file;
    private int failure;
    private int step;

    MachineCode(ByteBuffer file) {
        this.file = file;
    }

    /** @param processor as Java calls it */
    static MachineCode of(String processor, ByteBuffer file) {
        return switch (processor) {
            case "amd64" -> new MachineCodeOfX86(file);
            case "aarch64" -> new MachineCodeOfArm(file);
            default -> throw new UnsupportedException("a PID namespace of a pod needs a host of x86-64 or aarch64");
        };
    }

    /** As the header of an executable names the processor. */
    abstract int machine();

    /** As a filter of system calls names it. */
    abstract int architecture();

    abstract int number(Call call);

    /** A system call with numbers as its arguments. */
    abstract void call(Call call, int... arguments);

    /** Reads or writes at the top of the stack. */
    abstract void callWithStack(Call call, int descriptor, int length);

    /** Keeps the result at the top of the stack, as four bytes. */
    abstract void storeResult();

    /** Puts a byte at the top of the stack: 0. */
    abstract void storeZero();

    /** As above: the number of the step that failed. */
    abstract void storeStep();

    /** What follows is done when a step has failed. */
    final void failsHere() {
        failure = file.position();
    }

    /** Fails if the result is an error. */
    final void orFail() {
        jumpIfError(++step, failure);
    }

    /** Fails if the result is anything but 1. */
    final void unlessOneFail() {
        jumpUnlessOne(++step, failure);
    }

    abstract void jumpIfError(int step, int target);

    abstract void jumpUnlessOne(int step, int target);

    /** Goes on elsewhere if the result is 0: where {@link #here} is called with what this returns. */
    abstract int ifZero();

    abstract void here(int jump);

    /** Goes back. */
    abstract void jump(int target);
}
