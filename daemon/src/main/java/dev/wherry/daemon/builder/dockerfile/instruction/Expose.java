package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.List;

/** {@code EXPOSE port[/protocol] …}. Each word is expanded to words, then read by {@link ExposedPorts}. */
public record Expose(Position position, String source, List<Word> ports) implements Instruction {

    public Expose {
        ports = List.copyOf(ports);
    }
}
