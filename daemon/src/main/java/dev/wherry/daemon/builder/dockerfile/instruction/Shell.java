package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.Position;
import java.util.List;

/** {@code SHELL ["executable", "argument"]}: what runs shell forms from here on. Not substituted. */
public record Shell(Position position, String source, List<String> args) implements Instruction {

    public Shell {
        args = List.copyOf(args);
    }
}
