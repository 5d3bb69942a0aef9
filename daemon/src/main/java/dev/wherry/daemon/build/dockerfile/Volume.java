package dev.wherry.daemon.build.dockerfile;

import java.util.List;

/** {@code VOLUME path …}, also as a JSON array. */
public record Volume(Position position, String source, List<Word> paths) implements Instruction {

    public Volume {
        paths = List.copyOf(paths);
    }
}
