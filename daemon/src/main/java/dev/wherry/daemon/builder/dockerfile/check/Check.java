package dev.wherry.daemon.builder.dockerfile.check;

import dev.wherry.daemon.builder.dockerfile.SourceInstruction;

/** One subject of the checks. Sees each instruction once, in the order of the file. */
interface Check {

    /** @param stage what its stage has said before it; that of the instructions before the first FROM has no base */
    void see(SourceInstruction written, StageFacts stage, Findings findings);

    /** After the last instruction. */
    default void end(Findings findings) {}
}
