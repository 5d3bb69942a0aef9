package dev.wherry.daemon.builder.export;

import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.archive.ArchiveOptions;
import java.util.List;

/** One thing that a build gives ({@code --output}). */
public sealed interface Output {

    /** An image in the store. */
    record Image(List<Reference> names) implements Output {
        public Image {
            names = List.copyOf(names);
        }
    }

    /** The files of the result, for the client to make in a folder. */
    record Files() implements Output {}

    /** The files of the result as one tar stream. */
    record Tar() implements Output {}

    /**
     * The image as an archive.
     *
     * @param folder whether the client gets its files one by one instead of a tar stream
     */
    record Archive(ArchiveOptions options, boolean folder) implements Output {}

    /** Nothing but what is now in the cache. */
    record Nothing() implements Output {}
}
