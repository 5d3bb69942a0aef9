package dev.wherry.daemon.registry;

import dev.wherry.daemon.error.DeniedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.registry.transport.RegistryEndpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which endpoints serve the repositories that references name.
 *
 * <ul>
 *   <li>Mirrors of a registry are asked first, in their order, the registry itself when all fail. A mirror may have a
 *       path: {@code docker.io → cache:5000/hub} asks {@code cache:5000/hub/library/node} for {@code node}. What it
 *       mirrors may have one too: {@code quay.io/team → cache:5000/mine} asks {@code cache:5000/mine/app} for
 *       {@code quay.io/team/app}.
 *   <li>A blocked registry is not asked, nor its mirrors.
 *   <li>The default registry stands in for {@code docker.io}: where it is {@code 127.0.0.1:5000}, {@code node} comes
 *       from {@code 127.0.0.1:5000/node}, or from {@code 127.0.0.1:5000/library/node} when only that exists.
 *   <li>Loopback registries and those named insecure are spoken to in plain HTTP, all others, and those that have
 *       certificates of their own, in TLS.
 * </ul>
 *
 * @param defaultRegistry host and port
 * @param mirrors in the order to ask them
 * @param insecure hosts, with their ports
 * @param blocked hosts, with their ports
 * @param certificates folder of a folder for each host that has certificates of its own
 */
public record RegistrySettings(
        String defaultRegistry, List<Mirror> mirrors, Set<String> insecure, Set<String> blocked, Path certificates) {

    /**
     * A place that has what another one has.
     *
     * @param of a registry's host, or one with the beginning of a path
     * @param at the same of the mirror
     */
    public record Mirror(String of, String at) {

        /** The endpoint's host and path for a repository; empty when it is not of what is mirrored. */
        Optional<String> of(RepositoryName repository) {
            String name = repository.toString();
            return name.startsWith(of + "/") ? Optional.of(at + name.substring(of.length())) : Optional.empty();
        }
    }

    /** Where certificates are unless told otherwise. */
    public static final Path CERTIFICATES = Path.of("/etc/wherry/certs.d");

    private static final String HUB = "docker.io";
    private static final String OFFICIAL = "library/";
    private static final Pattern LOOPBACK =
            Pattern.compile("(?:localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1])(?::[0-9]+)?");
    private static final Pattern HOST =
            Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:]+])(?::[0-9]{1,5})?");
    private static final Pattern MIRROR = Pattern.compile(HOST + "(?:/[a-z0-9._/-]*[a-z0-9])?");

    public RegistrySettings {
        check("registry", isHost(defaultRegistry), defaultRegistry);
        mirrors.forEach(mirror -> {
            check("registry-mirrors", isMirror(mirror.of()), mirror.of());
            check("registry-mirrors", isMirror(mirror.at()), mirror.at());
        });
        insecure.forEach(host -> check("insecure-registries", isHost(host), host));
        blocked.forEach(host -> check("blocked-registries", isHost(host), host));
        mirrors = List.copyOf(mirrors);
        insecure = Set.copyOf(insecure);
        blocked = Set.copyOf(blocked);
    }

    /** No registry is blocked, and each has one mirror at most. */
    public RegistrySettings(String defaultRegistry, Map<String, String> mirrors, Set<String> insecure) {
        this(
                defaultRegistry,
                mirrors.entrySet().stream()
                        .map(entry -> new Mirror(entry.getKey(), entry.getValue()))
                        .toList(),
                insecure,
                Set.of(),
                CERTIFICATES);
    }

    /** Docker Hub by default, no mirrors. */
    public static final RegistrySettings STANDARD = new RegistrySettings(HUB, Map.of(), Set.of());

    /**
     * Reads the settings as they are written.
     *
     * @param mirrors each {@code host=mirror}
     * @throws InvalidInputException when one is malformed; the message names the setting
     */
    public static RegistrySettings parse(
            String defaultRegistry,
            List<String> mirrors,
            List<String> insecure,
            List<String> blocked,
            Path certificates) {
        List<Mirror> all = new ArrayList<>();
        for (String mirror : mirrors) {
            String[] sides = mirror.split("=", 2);
            if (sides.length < 2) {
                throw new InvalidInputException("registry-mirrors: \"" + mirror + "\" is not of the form host=mirror");
            }
            all.add(new Mirror(sides[0].strip(), sides[1].strip()));
        }
        return new RegistrySettings(defaultRegistry, all, Set.copyOf(insecure), Set.copyOf(blocked), certificates);
    }

    private static void check(String key, boolean right, String value) {
        if (!right) {
            throw new InvalidInputException(key + ": \"" + value + "\" is not a registry host");
        }
    }

    /** Whether a text is a registry's host, with or without a port. */
    public static boolean isHost(String text) {
        return HOST.matcher(text).matches();
    }

    /** Whether a text is a host that may have a path. */
    public static boolean isMirror(String text) {
        return MIRROR.matcher(text).matches();
    }

    /** The endpoints to ask, in order; the one that {@link #origin} names is the repository's own. */
    List<RegistryEndpoint> endpoints(RepositoryName repository) {
        List<RegistryEndpoint> endpoints = new ArrayList<>();
        for (Mirror mirror : mirrors) {
            mirror.of(repository).ifPresent(name -> {
                int slash = name.indexOf('/');
                endpoints.add(endpoint(name.substring(0, slash), name.substring(slash + 1)));
            });
        }
        RegistryEndpoint origin = origin(repository);
        endpoints.add(origin);
        if (!origin.path().equals(repository.path())) {
            endpoints.add(endpoint(origin.host(), repository.path()));
        }
        return endpoints;
    }

    /** Where the repository is when no mirror has it. */
    RegistryEndpoint origin(RepositoryName repository) {
        requireOpen(repository.host());
        if (!repository.host().equals(HUB) || defaultRegistry.equals(HUB)) {
            return endpoint(repository.host(), repository.path());
        }
        String path = repository.path();
        return endpoint(defaultRegistry, path.startsWith(OFFICIAL) ? path.substring(OFFICIAL.length()) : path);
    }

    /** A registry itself. */
    RegistryEndpoint registry(String host) {
        requireOpen(host);
        return endpoint(host, "");
    }

    private void requireOpen(String host) {
        if (blocked.contains(host)) {
            throw new DeniedException("registry " + host + " is blocked by the configuration of wherryd");
        }
    }

    private RegistryEndpoint endpoint(String host, String path) {
        boolean certified = Files.isDirectory(certificates.resolve(host));
        return new RegistryEndpoint(isPlain(host) && !certified, host, path);
    }

    /** Whether a host, with its port where it has one, is this one. */
    public static boolean isLoopback(String host) {
        return LOOPBACK.matcher(host).matches();
    }

    /** Whether a host, with its port where it has one, may be spoken to without TLS. */
    boolean isPlain(String host) {
        return isLoopback(host) || insecure.contains(host);
    }
}
