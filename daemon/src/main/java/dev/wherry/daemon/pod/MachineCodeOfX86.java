package dev.wherry.daemon.pod;

import dev.wherry.daemon.host.ElfFile;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** For x86-64. The number of a step is in ebx. */
final class MachineCodeOfX86 extends MachineCode {

    MachineCodeOfX86(ByteBuffer file) {
        super(file);
    }

    private void instructions(String hexadecimal) {
        file.put(HexFormat.of().parseHex(hexadecimal));
    }

    @Override
    int machine() {
        return ElfFile.X86_64;
    }

    @Override
    int architecture() {
        return 0xC000003E;
    }

    @Override
    int number(Call call) {
        return call.x86;
    }

    @Override
    void call(Call call, int... arguments) {
        String[] moves = {"bf", "be", "ba", "41ba", "41b8"}; // mov edi, esi, edx, r10d, r8d
        for (int i = 0; i < arguments.length; i++) {
            instructions(moves[i]);
            file.putInt(arguments[i]);
        }
        instructions("b8"); // mov eax
        file.putInt(number(call));
        instructions("0f05"); // syscall
    }

    @Override
    void callWithStack(Call call, int descriptor, int length) {
        instructions("4889e6ba"); // mov rsi, rsp; mov edx
        file.putInt(length);
        call(call, descriptor);
    }

    @Override
    void storeResult() {
        instructions("890424"); // mov [rsp], eax
    }

    @Override
    void storeZero() {
        instructions("c6042400"); // mov byte [rsp], 0
    }

    @Override
    void storeStep() {
        instructions("881c24"); // mov [rsp], bl
    }

    @Override
    void jumpIfError(int step, int target) {
        instructions("4885c0"); // test rax, rax
        jumpWith(step, "0f88", target); // js
    }

    @Override
    void jumpUnlessOne(int step, int target) {
        instructions("4883f801"); // cmp rax, 1
        jumpWith(step, "0f85", target); // jne
    }

    private void jumpWith(int step, String jump, int target) {
        instructions("bb"); // mov ebx
        file.putInt(step);
        instructions(jump);
        putDistance(target);
    }

    /** Flags are still those of the test for an error. */
    @Override
    int ifZero() {
        instructions("0f84"); // jz
        file.putInt(0);
        return file.position();
    }

    @Override
    void here(int jump) {
        file.putInt(jump - Integer.BYTES, file.position() - jump);
    }

    @Override
    void jump(int target) {
        instructions("e9"); // jmp
        putDistance(target);
    }

    private void putDistance(int target) {
        file.putInt(target - file.position() - Integer.BYTES);
    }
}
