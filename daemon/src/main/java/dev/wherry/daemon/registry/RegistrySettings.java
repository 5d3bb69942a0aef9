package dev.wherry.daemon.registry;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.registry.transport.RegistryEndpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which endpoints serve the repositories that references name.
 *
 * <ul>
 *   <li>A mirror of a registry is asked first, the registry itself when the mirror fails. A mirror may have a path:
 *       {@code docker.io → cache:5000/hub} asks {@code cache:5000/hub/library/node} for {@code node}.
 *   <li>The default registry stands in for {@code docker.io}: where it is {@code 127.0.0.1:5000}, {@code node} comes
 *       from {@code 127.0.0.1:5000/node}, or from {@code 127.0.0.1:5000/library/node} when only that exists.
 *   <li>Loopback registries and those named insecure are spoken to in plain HTTP, all others in TLS.
 * </ul>
 *
 * @param defaultRegistry host and port
 * @param mirrors by registry host
 * @param insecure hosts, with their ports
 */
public record RegistrySettings(String defaultRegistry, Map<String, String> mirrors, Set<String> insecure) {

    private static final String HUB = "docker.io";
    private static final String OFFICIAL = "library/";
    private static final Pattern LOOPBACK =
            Pattern.compile("(?:localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1])(?::[0-9]+)?");
    private static final Pattern HOST =
            Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:]+])(?::[0-9]{1,5})?");
    private static final Pattern MIRROR = Pattern.compile(HOST + "(?:/[a-z0-9._/-]*[a-z0-9])?");

    public RegistrySettings {
        check("registry", isHost(defaultRegistry), defaultRegistry);
        mirrors.forEach((host, mirror) -> {
            check("registry-mirrors", isHost(host), host);
            check("registry-mirrors", isMirror(mirror), mirror);
        });
        insecure.forEach(host -> check("insecure-registries", isHost(host), host));
        mirrors = Map.copyOf(mirrors);
        insecure = Set.copyOf(insecure);
    }

    /** Docker Hub by default, no mirrors. */
    public static final RegistrySettings STANDARD = new RegistrySettings(HUB, Map.of(), Set.of());

    /**
     * Reads the settings as they are written.
     *
     * @param mirrors each {@code host=mirror}
     * @throws InvalidInputException when one is malformed; the message names the setting
     */
    public static RegistrySettings parse(String defaultRegistry, List<String> mirrors, List<String> insecure) {
        Map<String, String> byHost = new LinkedHashMap<>();
        for (String mirror : mirrors) {
            String[] sides = mirror.split("=", 2);
            if (sides.length < 2) {
                throw new InvalidInputException("registry-mirrors: \"" + mirror + "\" is not of the form host=mirror");
            }
            byHost.put(sides[0].strip(), sides[1].strip());
        }
        return new RegistrySettings(defaultRegistry, byHost, Set.copyOf(insecure));
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
        String mirror = mirrors.get(repository.host());
        if (mirror != null) {
            int slash = mirror.indexOf('/');
            String host = slash < 0 ? mirror : mirror.substring(0, slash);
            String prefix = slash < 0 ? "" : mirror.substring(slash + 1) + "/";
            endpoints.add(endpoint(host, prefix + repository.path()));
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
        if (!repository.host().equals(HUB) || defaultRegistry.equals(HUB)) {
            return endpoint(repository.host(), repository.path());
        }
        String path = repository.path();
        return endpoint(defaultRegistry, path.startsWith(OFFICIAL) ? path.substring(OFFICIAL.length()) : path);
    }

    private RegistryEndpoint endpoint(String host, String path) {
        return new RegistryEndpoint(isPlain(host), host, path);
    }

    /** Whether a host, with its port where it has one, may be spoken to without TLS. */
    boolean isPlain(String host) {
        return LOOPBACK.matcher(host).matches() || insecure.contains(host);
    }
}
