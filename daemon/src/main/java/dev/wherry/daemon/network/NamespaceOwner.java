package dev.wherry.daemon.network;

import java.net.InetAddress;
import java.util.List;

/**
 * Whose namespace it is: a container, or a step of a build.
 *
 * @param id names its namespace; may be used in a file name
 * @param name what others on a network resolve it by, and what users read; empty for one that is not resolved and of
 *     which no events tell, as a step of a build
 * @param names more names to resolve it by, on every network, such as a short ID
 * @param resolvers name servers for the names that are not on its networks; none for those of the host
 */
public record NamespaceOwner(String id, String name, List<String> names, List<InetAddress> resolvers) {

    public NamespaceOwner {
        names = List.copyOf(names);
        resolvers = List.copyOf(resolvers);
    }

    /** An owner that is resolved by its name and the first 12 digits of its ID, as containers are. */
    public static NamespaceOwner container(String id, String name) {
        return new NamespaceOwner(id, name, List.of(id.substring(0, 12)), List.of());
    }

    /** With name servers of its own. */
    public NamespaceOwner withResolvers(List<InetAddress> servers) {
        return new NamespaceOwner(id, name, names, servers);
    }

    /** An owner that nobody resolves or hears of. */
    public static NamespaceOwner unnamed(String id) {
        return new NamespaceOwner(id, "", List.of(), List.of());
    }

    public boolean isResolved() {
        return !name.isEmpty();
    }
}
