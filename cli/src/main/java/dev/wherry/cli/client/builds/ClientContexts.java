package dev.wherry.cli.client.builds;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The files of the client that a build may read.
 *
 * @param main the directory that is the build context, if it is one
 * @param archive the archive that is the build context, if it is one
 * @param named the directories that are contexts beside the main one, by their names
 */
public record ClientContexts(Optional<Path> main, Optional<InputStream> archive, Map<String, Path> named) {
    public ClientContexts {
        named = Map.copyOf(named);
    }
}
