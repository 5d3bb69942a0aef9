package dev.wherry.daemon.access;

import java.nio.file.Path;
import java.util.List;

/**
 * What the configuration says of callers.
 *
 * @param bindings the first that matches a caller counts
 * @param issued whether clients come by certificates of the daemon's own authority, which name their roles
 * @param hostPaths what containers of operators may have mounted of the host
 * @param repositories beginnings of the names that builders may give to images and push to; empty for all
 * @param sources beginnings of the names that builders may pull, besides those; empty for all
 */
public record AccessSettings(
        List<RoleBinding> bindings,
        boolean issued,
        List<Path> hostPaths,
        List<String> repositories,
        List<String> sources) {

    /** Nothing is configured. */
    public static final AccessSettings DEFAULT = new AccessSettings(List.of(), true, List.of(), List.of(), List.of());

    public AccessSettings {
        bindings = List.copyOf(bindings);
        hostPaths = hostPaths.stream().map(Path::normalize).toList();
        repositories = List.copyOf(repositories);
        sources = List.copyOf(sources);
    }
}
