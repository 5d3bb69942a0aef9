package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.Position;
import java.util.List;

/** {@code LABEL key=value …}: metadata of the image. */
public record Label(Position position, String source, List<KeyValue> pairs) implements Instruction {

    public Label {
        pairs = List.copyOf(pairs);
    }
}
