package dev.wherry.daemon.builder.dockerfile.instruction;

import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.Optional;

/**
 * {@code FROM [--platform=…] image [AS name]}: begins a stage. The image is the name of an earlier stage, {@code
 * scratch}, or an image reference; which one is known when its variables, all global, are expanded.
 *
 * @param platform as written, such as {@code linux/arm64} or {@code $BUILDPLATFORM}
 * @param name the stage's name in lower case
 */
public record From(Position position, String source, Word image, Optional<Word> platform, Optional<String> name)
        implements Instruction {

    /** The base that is an empty filesystem. */
    public static final String SCRATCH = "scratch";
}
