package dev.wherry.daemon.snapshot.stack;

import dev.wherry.daemon.snapshot.layer.StackedFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * A path at which two stacks differ.
 *
 * @param path from the root of the stacks
 * @param before what the first stack shows; empty if the path was added
 * @param after what the second stack shows; empty if the path was removed
 * @param layer the layer of the second stack that made the change; 0 if the path is missing there because no layer
 *     ever brought it
 * @param aspects what changed in a file that both stacks show, never empty then
 */
public record StackChange(
        Path path, Optional<StackedFile> before, Optional<StackedFile> after, int layer, Set<Aspect> aspects) {

    /** What can change in a file. Times are not compared: every build sets other ones. */
    public enum Aspect {
        TYPE,
        CONTENT,
        TARGET,
        DEVICE,
        MODE,
        OWNER,
        ATTRIBUTES
    }
}
