package dev.wherry.daemon.access;

import dev.wherry.daemon.error.ForbiddenException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * For whom a thread works. Each call of a client runs with its caller bound to its thread; threads that work for nobody
 * else, and those that a call starts, work for the daemon itself. Therefore a limit is checked on the thread of the call,
 * before work is handed to others.
 *
 * @param name for messages, such as "user 1000"
 * @param role as the configuration calls it, for messages
 * @param ownsHost whether they may do what root may do on the host: privileged containers, mounts of the host's files
 * @param hostPaths paths of the host that containers may have mounted, with what is below them, although the caller does
 *     not own the host
 * @param repositories beginnings of the names that the caller may give to images and push to; empty for all
 * @param sources beginnings of the names that the caller may pull, besides {@link #repositories}; empty for all
 * @param quota how much the caller may use, together with others
 * @param isHostRoot whether the caller is a process of this host that runs as root, and so may read every file
 */
public record Caller(
        String name,
        String role,
        boolean ownsHost,
        List<Path> hostPaths,
        List<String> repositories,
        List<String> sources,
        Quota quota,
        boolean isHostRoot) {

    /** The daemon itself. */
    public static final Caller DAEMON =
            new Caller("wherryd", "admin", true, List.of(), List.of(), List.of(), Quota.NONE, true);

    private static final ScopedValue<Caller> CURRENT = ScopedValue.newInstance();

    public Caller {
        hostPaths = List.copyOf(hostPaths);
        repositories = List.copyOf(repositories);
        sources = List.copyOf(sources);
    }

    /** A caller without bounds. */
    public Caller(
            String name,
            String role,
            boolean ownsHost,
            List<Path> hostPaths,
            List<String> repositories,
            List<String> sources,
            boolean isHostRoot) {
        this(name, role, ownsHost, hostPaths, repositories, sources, Quota.NONE, isHostRoot);
    }

    /** The caller that this thread works for. */
    public static Caller current() {
        return CURRENT.orElse(DAEMON);
    }

    /** Runs work for this caller. */
    public void run(Runnable work) {
        ScopedValue.where(CURRENT, this).run(work);
    }

    /**
     * Only those who own the host may do this.
     *
     * @param what as in "a privileged container"
     */
    public void requireHost(String what) {
        if (!ownsHost) {
            throw new ForbiddenException(
                    "admin",
                    "permission denied: " + name + " has the role " + role + ", and " + what + " needs the role admin");
        }
    }

    /**
     * The listed path that a path is, or is below; empty when there is none. Of several, the outermost: whoever may write
     * to that one can put a link in the place of the others. What is below it must be looked up within it by the kernel
     * when it is mounted, since a link may lead anywhere, also one that a container puts there after this check.
     *
     * @param path absolute and normalized
     */
    public Optional<Path> hostFolder(Path path) {
        return hostPaths.stream().filter(path::startsWith).min(Comparator.comparingInt(Path::getNameCount));
    }

    /**
     * The caller may give this name to an image, and push to it.
     *
     * @param repository with the registry, without tag and digest
     */
    public void requireRepository(String repository) {
        if (!repositories.isEmpty() && !isBelowAny(repository, repositories)) {
            throw new ForbiddenException(
                    "builder-repositories",
                    "permission denied: " + name + " has the role " + role + ", which may not write to " + repository
                            + ", only to " + String.join(", ", repositories));
        }
    }

    /** Whether the caller may read a repository in its registry. */
    public boolean maySee(String repository) {
        return sources.isEmpty() || isBelowAny(repository, sources) || isBelowAny(repository, repositories);
    }

    /**
     * The caller may pull from a repository, or read anything else of it in its registry.
     *
     * @param repository with the registry, without tag and digest
     */
    public void requireSource(String repository) {
        if (!maySee(repository)) {
            throw new ForbiddenException(
                    "builder-sources",
                    "permission denied: " + name + " has the role " + role + ", which may not pull from " + repository
                            + ", only from "
                            + Stream.concat(sources.stream(), repositories.stream())
                                    .distinct()
                                    .collect(Collectors.joining(", ")));
        }
    }

    private static boolean isBelowAny(String repository, List<String> prefixes) {
        return prefixes.stream().anyMatch(prefix -> isBelow(repository, prefix));
    }

    /** Whether a repository is a prefix itself, or is below it; a prefix ends where a component of the name ends. */
    private static boolean isBelow(String repository, String prefix) {
        return repository.startsWith(prefix)
                && (prefix.endsWith("/")
                        || repository.length() == prefix.length()
                        || repository.charAt(prefix.length()) == '/');
    }
}
