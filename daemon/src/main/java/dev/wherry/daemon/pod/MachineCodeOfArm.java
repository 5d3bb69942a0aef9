package dev.wherry.daemon.pod;

import java.nio.ByteBuffer;

/** For aarch64. The number of a step is in x19. */
final class MachineCodeOfArm extends MachineCode {

    private static final int NUMBER = 8;
    private static final int STEP = 19;

    MachineCodeOfArm(ByteBuffer file) {
        super(file);
    }

    @Override
    int machine() {
        return 183;
    }

    @Override
    int architecture() {
        return 0xC00000B7;
    }

    @Override
    int number(Call call) {
        return call.arm;
    }

    /** Sixteen bits at a time; none of the numbers is negative. */
    private void move(int register, int number) {
        file.putInt(0xD2800000 | (number & 0xFFFF) << 5 | register); // movz
        if (number >>> 16 != 0) {
            file.putInt(0xF2A00000 | number >>> 16 << 5 | register); // movk, lsl 16
        }
    }

    @Override
    void call(Call call, int... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            move(i, arguments[i]);
        }
        move(NUMBER, number(call));
        file.putInt(0xD4000001); // svc 0
    }

    @Override
    void callWithStack(Call call, int descriptor, int length) {
        file.putInt(0x910003E1); // mov x1, sp
        move(2, length);
        call(call, descriptor);
    }

    @Override
    void storeResult() {
        file.putInt(0xB90003E0); // str w0, [sp]
    }

    @Override
    void storeZero() {
        file.putInt(0x390003FF); // strb wzr, [sp]
    }

    @Override
    void storeStep() {
        file.putInt(0x390003E0 | STEP); // strb w19, [sp]
    }

    @Override
    void jumpIfError(int step, int target) {
        move(STEP, step);
        file.putInt(0xB7F80000 | (words(target) & 0x3FFF) << 5); // tbnz x0, 63
    }

    @Override
    void jumpUnlessOne(int step, int target) {
        move(STEP, step);
        file.putInt(0xD1000400); // sub x0, x0, 1
        file.putInt(0xB5000000 | (words(target) & 0x7FFFF) << 5); // cbnz x0
    }

    @Override
    int ifZero() {
        file.putInt(0);
        return file.position() - Integer.BYTES;
    }

    @Override
    void here(int jump) {
        file.putInt(jump, 0xB4000000 | (file.position() - jump) / Integer.BYTES << 5); // cbz x0
    }

    @Override
    void jump(int target) {
        file.putInt(0x14000000 | words(target) & 0x3FFFFFF); // b
    }

    /** From the next instruction to another one. */
    private int words(int target) {
        return (target - file.position()) / Integer.BYTES;
    }
}
