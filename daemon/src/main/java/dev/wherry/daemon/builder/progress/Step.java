package dev.wherry.daemon.builder.progress;

import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.explain.Place;

/**
 * One instruction of a stage as the reader of the progress sees it.
 *
 * @param id unique within the build, ascending in the order of the Dockerfile
 * @param stage name of its stage, {@code stage-2} where it has none
 * @param name such as {@code [2/6] WORKDIR /app}, or {@code [build 2/6] …} where there are several stages
 * @param source the instruction on one line
 */
public record Step(int id, String stage, String name, Position position, String source) {

    /** Where the history finds the step. */
    public Place place() {
        return new Place(id, stage, source);
    }
}
