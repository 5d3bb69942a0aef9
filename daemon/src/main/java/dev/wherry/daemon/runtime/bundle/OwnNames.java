package dev.wherry.daemon.runtime.bundle;

import java.util.List;
import java.util.Optional;

/**
 * What the name files of a process say of its own networks.
 *
 * @param addresses of the process, which have its host name
 * @param resolvers addresses of the name servers of its networks; empty for those of the host
 * @param gateway the address by which it reaches the host
 * @param links lines of {@code /etc/hosts} for containers that it is linked to
 */
public record OwnNames(List<String> addresses, List<String> resolvers, Optional<String> gateway, List<String> links) {

    /** No networks of its own. */
    public static final OwnNames NONE = new OwnNames(List.of(), List.of(), Optional.empty(), List.of());

    public OwnNames {
        addresses = List.copyOf(addresses);
        resolvers = List.copyOf(resolvers);
        links = List.copyOf(links);
    }
}
