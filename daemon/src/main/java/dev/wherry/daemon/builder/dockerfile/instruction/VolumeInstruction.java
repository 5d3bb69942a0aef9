package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.List;

/** {@code VOLUME path …}, also as a JSON array. */
public record VolumeInstruction(Position position, String source, List<Word> paths) implements Instruction {

    public VolumeInstruction {
        paths = List.copyOf(paths);
    }
}
