package dev.wherry.daemon.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the links of the endpoints of a network mean to its name server, which gives all endpoints the same answer. So a
 * link's alias becomes a name on the network, unless it is the name of another endpoint, or links lead to different ones
 * by it: only the hosts file of the container that has the link knows it then.
 */
public final class LinkedNames {

    private LinkedNames() {}

    /** The endpoints of one network, each also with the aliases of the links that lead to it. */
    public static List<Endpoint> of(List<Endpoint> endpoints) {
        if (endpoints.stream().allMatch(endpoint -> endpoint.links().isEmpty())) {
            return endpoints;
        }
        Map<String, Set<Endpoint>> meant = new HashMap<>();
        for (Endpoint endpoint : endpoints) {
            endpoint.names()
                    .forEach(name ->
                            meant.computeIfAbsent(name, _ -> new HashSet<>()).add(endpoint));
            endpoint.links()
                    .forEach(link -> link.target(endpoints)
                            .ifPresent(target -> meant.computeIfAbsent(link.alias(), _ -> new HashSet<>())
                                    .add(target)));
        }
        return endpoints.stream().map(endpoint -> named(endpoint, meant)).toList();
    }

    private static Endpoint named(Endpoint endpoint, Map<String, Set<Endpoint>> meant) {
        List<String> aliases = new ArrayList<>(endpoint.aliases());
        meant.entrySet().stream()
                .filter(name -> name.getValue().equals(Set.of(endpoint)))
                .map(Map.Entry::getKey)
                .filter(name -> !endpoint.names().contains(name))
                .sorted()
                .forEach(aliases::add);
        return endpoint.withAliases(aliases);
    }
}
