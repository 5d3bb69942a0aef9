package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.solver.Vertex;
import dev.wherry.daemon.image.ImageConfig;

/** One line of the history of the image to be, before the times are known. */
public sealed interface HistoryLine {

    /** Taken from the base image. */
    record Inherited(ImageConfig.History entry) implements HistoryLine {}

    /** An instruction that made the layer of a vertex. */
    record Layer(Vertex vertex, String createdBy) implements HistoryLine {}

    /** An instruction that changed the config only; it happened when the vertex before it was made. */
    record Metadata(Vertex after, String createdBy) implements HistoryLine {}
}
