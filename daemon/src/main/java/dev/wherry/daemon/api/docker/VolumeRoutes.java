package dev.wherry.daemon.api.docker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.api.docker.http.Exchange;
import dev.wherry.daemon.api.docker.http.JsonBody;
import dev.wherry.daemon.api.docker.http.RouteSource;
import dev.wherry.daemon.api.docker.http.Routes;
import dev.wherry.daemon.api.json.VolumeJson;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.volume.PrunedVolumes;
import dev.wherry.daemon.volume.Volume;
import dev.wherry.daemon.volume.VolumeRequest;
import dev.wherry.daemon.volume.Volumes;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Volumes. */
@Singleton
final class VolumeRoutes implements RouteSource {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String ALL = "all";

    private final Volumes volumes;

    VolumeRoutes(Volumes volumes) {
        this.volumes = volumes;
    }

    @Override
    public void addTo(Routes routes) {
        routes.add("GET", "/volumes", "VolumeService/List", this::list)
                .add("POST", "/volumes/create", "VolumeService/Create", this::create)
                .add("POST", "/volumes/prune", "VolumeService/Prune", this::prune)
                .add("GET", "/volumes/{name}", "VolumeService/Inspect", this::inspect)
                .add("DELETE", "/volumes/{name}", "VolumeService/Remove", this::remove);
    }

    private ObjectNode json(Volume volume) {
        return VolumeJson.json(volume, volumes.mountPoint(volume));
    }

    private void list(Exchange call) {
        ObjectNode answer = JSON.objectNode();
        ArrayNode list = answer.putArray("Volumes");
        volumes.list(call.parameters().filters()).forEach(volume -> list.add(json(volume)));
        call.json(200, answer.putNull("Warnings"));
    }

    private void inspect(Exchange call) {
        call.json(200, json(volumes.get(call.variable("name"))));
    }

    private void create(Exchange call) {
        JsonBody body = call.jsonBody();
        Volume volume = volumes.create(
                new VolumeRequest(body.text("Name"), body.text("Driver"), body.map("DriverOpts"), body.map("Labels")));
        call.json(201, json(volume));
    }

    private void remove(Exchange call) {
        volumes.remove(call.variable("name"), call.parameters().flag("force"));
        call.empty(204);
    }

    /** Clients before 1.42 know no volumes that a prune leaves because they have a name. */
    private void prune(Exchange call) {
        Filters asked = call.parameters().filters();
        if (call.version().isBefore(42) && !asked.has(ALL)) {
            Map<String, List<String>> all = new HashMap<>(asked.values());
            all.put(ALL, List.of("true"));
            asked = new Filters(all);
        }
        PrunedVolumes pruned = volumes.prune(asked);
        ObjectNode answer = JSON.objectNode();
        ArrayNode deleted = answer.putArray("VolumesDeleted");
        pruned.names().forEach(deleted::add);
        call.json(200, answer.put("SpaceReclaimed", pruned.bytes()));
    }
}
