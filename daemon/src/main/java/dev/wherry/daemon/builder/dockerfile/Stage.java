package dev.wherry.daemon.builder.dockerfile;

import dev.wherry.daemon.builder.dockerfile.instruction.From;
import dev.wherry.daemon.builder.dockerfile.instruction.Instruction;
import java.util.List;
import java.util.Optional;

/**
 * A build stage: a FROM and what follows up to the next one.
 *
 * @param index its place in the file from 0, which {@code COPY --from} may use as a name
 * @param name the name given by AS, in lower case
 * @param instructions those after the FROM; none of them is a {@link From}
 */
public record Stage(int index, Optional<String> name, From from, List<Instruction> instructions) {

    public Stage {
        instructions = List.copyOf(instructions);
    }
}
