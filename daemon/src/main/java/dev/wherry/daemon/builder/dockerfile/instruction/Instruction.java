package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.Position;

/**
 * One instruction of a Dockerfile. A new kind of instruction is a new record here, and every switch over instructions
 * then fails to compile until it is handled.
 */
public sealed interface Instruction
        permits Add,
                Arg,
                Cmd,
                Copy,
                Entrypoint,
                Env,
                Expose,
                From,
                Healthcheck,
                Label,
                Maintainer,
                OnBuild,
                Run,
                Shell,
                StopSignal,
                UserInstruction,
                VolumeInstruction,
                Workdir {

    /** From the keyword to the last line of the instruction. */
    Position position();

    /** The original text on one line with the keyword in capitals, as progress shows it: {@code COPY . /app}. */
    String source();
}
