package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.dockerfile.instruction.Instruction;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.progress.StepOrigin;
import dev.wherry.daemon.error.BuildException;

/**
 * An instruction of a Dockerfile as the origin of a step.
 *
 * @param source the instruction on one line
 */
public record InstructionOrigin(Position position, String source) implements StepOrigin {

    public static InstructionOrigin of(Instruction instruction) {
        return new InstructionOrigin(instruction.position(), instruction.source());
    }

    @Override
    public String file() {
        return position.file();
    }

    @Override
    public int line() {
        return position.line();
    }

    @Override
    public DockerfileException refused(String offending, String problem) {
        return new DockerfileException(position, offending, problem);
    }

    @Override
    public BuildException failed(String problem, Throwable cause) {
        return new BuildException(position.file(), position.line(), position.endLine(), source, problem, cause);
    }

    @Override
    public RuntimeException adopted(Throwable failure, StepOrigin first) {
        return switch (failure) {
            case BuildException failed when !first.equals(this) -> failed(failed.problem(), failed);
            case DockerfileException failed
            when first instanceof InstructionOrigin(Position performed, String _)
                    && failed.line() == performed.line() -> refused(failed.offendingText(), failed.problem());
            case RuntimeException failed -> failed;
            case Error failed -> throw failed;
            default -> new IllegalStateException(failure);
        };
    }
}
