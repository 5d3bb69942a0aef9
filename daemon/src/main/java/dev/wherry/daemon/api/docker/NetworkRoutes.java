package dev.wherry.daemon.api.docker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.api.docker.container.NetworkBody;
import dev.wherry.daemon.api.docker.http.Exchange;
import dev.wherry.daemon.api.docker.http.JsonBody;
import dev.wherry.daemon.api.docker.http.RouteSource;
import dev.wherry.daemon.api.docker.http.Routes;
import dev.wherry.daemon.api.json.NetworkJson;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.lifecycle.Lifecycle;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.NetworkCreation;
import dev.wherry.daemon.network.NetworkCreation.SubnetRequest;
import dev.wherry.daemon.network.NetworkDriver;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.network.lifecycle.NetworkLifecycle;
import jakarta.inject.Singleton;
import java.util.List;

/** Networks. */
@Singleton
final class NetworkRoutes implements RouteSource {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Networks networks;
    private final NetworkLifecycle lifecycle;
    private final Lifecycle containers;
    private final Containers known;

    NetworkRoutes(Networks networks, NetworkLifecycle lifecycle, Lifecycle containers, Containers known) {
        this.networks = networks;
        this.lifecycle = lifecycle;
        this.containers = containers;
        this.known = known;
    }

    @Override
    public void addTo(Routes routes) {
        routes.add("GET", "/networks", "NetworkService/List", this::list)
                .add("GET", "/networks/", "NetworkService/List", this::list)
                .add("POST", "/networks/create", "NetworkService/Create", this::create)
                .add("POST", "/networks/prune", "NetworkService/Prune", this::prune)
                .add("GET", "/networks/{id}", "NetworkService/Inspect", this::inspect)
                .add("DELETE", "/networks/{id}", "NetworkService/Remove", this::remove)
                .add("POST", "/networks/{id}/connect", "NetworkService/Connect", this::connect)
                .add("POST", "/networks/{id}/disconnect", "NetworkService/Disconnect", this::disconnect);
    }

    /** A list says nothing of containers. */
    private void list(Exchange call) {
        ArrayNode list = JSON.arrayNode();
        networks.list(call.parameters().filters()).forEach(network -> list.add(NetworkJson.json(network, List.of())));
        call.json(200, list);
    }

    private void inspect(Exchange call) {
        Network network = network(call);
        call.json(200, NetworkJson.of(network, networks.endpoints(network)));
    }

    private Network network(Exchange call) {
        String name = call.variable("id");
        return networks.find(name)
                .orElseThrow(() -> new NotFoundException("network", name, "network " + name + " not found"));
    }

    private void create(Exchange call) {
        JsonBody body = call.jsonBody();
        Network network = lifecycle.create(new NetworkCreation(
                body.text("Name"),
                NetworkDriver.parse(body.text("Driver").replaceFirst("^default$", "")),
                body.object("IPAM").objects("Config").stream()
                        .map(NetworkRoutes::subnet)
                        .toList(),
                body.flag("Internal"),
                !body.has("EnableIPv4") || body.flag("EnableIPv4"),
                body.flag("EnableIPv6"),
                body.flag("Attachable"),
                body.map("Options"),
                body.map("Labels")));
        call.json(201, JSON.objectNode().put("Id", network.id()).put("Warning", ""));
    }

    private static SubnetRequest subnet(JsonBody subnet) {
        return SubnetRequest.parse(
                subnet.text("Subnet"),
                subnet.text("IPRange"),
                subnet.text("Gateway"),
                subnet.map("AuxiliaryAddresses"));
    }

    private void remove(Exchange call) {
        Network network = network(call);
        lifecycle.remove(network);
        call.empty(204);
    }

    private void prune(Exchange call) {
        List<Network> pruned = lifecycle.prune(call.parameters().filters());
        ObjectNode answer = JSON.objectNode();
        if (pruned.isEmpty()) {
            answer.putNull("NetworksDeleted");
        } else {
            ArrayNode deleted = answer.putArray("NetworksDeleted");
            pruned.forEach(network -> deleted.add(network.name()));
        }
        call.json(200, answer);
    }

    private void connect(Exchange call) throws InterruptedException {
        JsonBody body = call.jsonBody();
        containers.connect(
                body.text("Container"), NetworkBody.attachment(network(call).name(), body.object("EndpointConfig")));
        call.empty(200);
    }

    private boolean isThere(String container) {
        try {
            known.get(container);
            return true;
        } catch (NotFoundException gone) {
            return false;
        }
    }

    private void disconnect(Exchange call) throws InterruptedException {
        JsonBody body = call.jsonBody();
        String container = body.text("Container");
        // By force one that is gone is disconnected, but docker refuses one that is there and not connected all the
        // same.
        boolean force = body.flag("Force") && !isThere(container);
        containers.disconnect(container, network(call).name(), force);
        call.empty(200);
    }
}
