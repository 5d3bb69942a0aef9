package dev.wherry.daemon.access;

import dev.wherry.daemon.error.InvalidInputException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the configuration says of callers.
 *
 * @param bindings the first that matches a caller counts
 * @param issued whether clients come by certificates of the daemon's own authority, which name their roles
 * @param hostPaths what containers of operators may have mounted of the host
 * @param repositories beginnings of the names that builders may give to images and push to; empty for all
 * @param sources beginnings of the names that builders may pull, besides those; empty for all
 * @param namespace whose callers this daemon serves; empty for the first daemon, which serves those that have none
 */
public record AccessSettings(
        List<RoleBinding> bindings,
        boolean issued,
        List<Path> hostPaths,
        List<String> repositories,
        List<String> sources,
        Optional<NamespaceName> namespace) {

    /** Nothing is configured. */
    public static final AccessSettings DEFAULT = new AccessSettings(List.of(), true, List.of(), List.of(), List.of());

    /** @throws InvalidInputException when two bindings give a namespace different room */
    public AccessSettings {
        bindings = List.copyOf(bindings);
        hostPaths = hostPaths.stream().map(Path::normalize).toList();
        repositories = List.copyOf(repositories);
        sources = List.copyOf(sources);
        Map<NamespaceName, Long> sizes = new HashMap<>();
        for (RoleBinding binding : bindings) {
            binding.namespace().filter(_ -> binding.disk() > 0).ifPresent(name -> {
                if (sizes.merge(name, binding.disk(), (first, _) -> first) != binding.disk()) {
                    throw new InvalidInputException("the namespace " + name + " has two sizes: give disk=SIZE once");
                }
            });
        }
    }

    /** For the first daemon. */
    public AccessSettings(
            List<RoleBinding> bindings,
            boolean issued,
            List<Path> hostPaths,
            List<String> repositories,
            List<String> sources) {
        this(bindings, issued, hostPaths, repositories, sources, Optional.empty());
    }

    /** Bytes that all things of this daemon may take; 0 for any number. */
    public long disk() {
        return bindings.stream()
                .filter(binding ->
                        binding.namespace().isPresent() && binding.namespace().equals(namespace))
                .mapToLong(RoleBinding::disk)
                .max()
                .orElse(0);
    }

    /** Every namespace that a binding names. */
    public Set<NamespaceName> namespaces() {
        return bindings.stream()
                .flatMap(binding -> binding.namespace().stream())
                .collect(Collectors.toSet());
    }
}
