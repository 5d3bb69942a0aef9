package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.image.Platform;
import java.util.List;
import java.util.Optional;

/**
 * Which images are saved, and how.
 *
 * @param names references, IDs or beginnings of them; a repository without a tag means all its tags
 * @param platform of the images; empty for all platforms that are here
 */
public record SaveOptions(ArchiveOptions.Format format, List<String> names, Optional<Platform> platform) {

    public SaveOptions {
        names = List.copyOf(names);
    }
}
