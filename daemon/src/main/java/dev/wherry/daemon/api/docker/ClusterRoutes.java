package dev.wherry.daemon.api.docker;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.wherry.daemon.api.docker.http.Exchange;
import dev.wherry.daemon.api.docker.http.RouteSource;
import dev.wherry.daemon.api.docker.http.Routes;
import jakarta.inject.Singleton;
import java.util.List;

/** Swarms and plugins, which are not here: answered as by an engine that is in no swarm and has no plugin. */
@Singleton
final class ClusterRoutes implements RouteSource {

    private static final List<String> KINDS = List.of("swarm", "nodes", "services", "tasks", "secrets", "configs");
    private static final List<String> VERBS = List.of("GET", "POST", "DELETE");
    private static final String INFO = "SystemService/Info";

    @Override
    public void addTo(Routes routes) {
        for (String kind : KINDS) {
            for (String verb : VERBS) {
                routes.add(verb, "/" + kind, INFO, ClusterRoutes::refuse)
                        .add(verb, "/" + kind + "/{name...}", INFO, ClusterRoutes::refuse);
            }
        }
        routes.add("GET", "/plugins", INFO, call -> call.json(200, JsonNodeFactory.instance.arrayNode()));
    }

    private static void refuse(Exchange call) {
        call.json(
                503,
                JsonNodeFactory.instance
                        .objectNode()
                        .put(
                                "message",
                                "This node is not a swarm manager. Wherry has no swarms: it runs containers on one host."));
    }
}
