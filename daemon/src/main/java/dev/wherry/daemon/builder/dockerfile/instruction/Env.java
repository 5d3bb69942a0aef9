package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.Position;
import java.util.List;

/** {@code ENV key=value …}: sets the environment. Every value sees the environment before the instruction, so that
 * {@code ENV a=1 b=$a} gives {@code b} the old value of {@code a}. */
public record Env(Position position, String source, List<KeyValue> pairs) implements Instruction {

    public Env {
        pairs = List.copyOf(pairs);
    }
}
