package dev.wherry.daemon.api.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Health;
import dev.wherry.daemon.container.network.ContainerPort;
import dev.wherry.daemon.container.network.ContainerPorts;
import dev.wherry.daemon.container.stats.ContainerSizes;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.network.Endpoint;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.network.Reservations.Reserved;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Containers as docker lists them. */
@Singleton
public final class ContainerListJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ContainerPorts ports;
    private final ContainerSizes sizes;
    private final Networks networks;
    private final NetworkSettingsJson settings;
    private final Layout layout;

    ContainerListJson(
            ContainerPorts ports,
            ContainerSizes sizes,
            Networks networks,
            NetworkSettingsJson settings,
            Layout layout) {
        this.settings = settings;
        this.ports = ports;
        this.sizes = sizes;
        this.networks = networks;
        this.layout = layout;
    }

    /** @param size whether to measure what each has written */
    public ArrayNode of(List<Container> containers, boolean size, Instant now) {
        Map<String, List<ContainerPort>> published = ports.of(containers);
        Map<String, Reserved> attached = containers.isEmpty() ? Map.of() : networks.attached();
        ArrayNode list = JSON.arrayNode();
        for (Container container : containers) {
            ObjectNode row = row(
                    container,
                    published.getOrDefault(container.id(), List.of()),
                    attached.getOrDefault(container.id(), Reserved.NOTHING).endpoints(),
                    now);
            if (size) {
                ContainerSizes.Size bytes = sizes.of(container);
                row.put("SizeRw", bytes.written()).put("SizeRootFs", bytes.seen());
            }
            list.add(row);
        }
        return list;
    }

    private ObjectNode row(Container container, List<ContainerPort> published, List<Endpoint> endpoints, Instant now) {
        ObjectNode row = JSON.objectNode();
        row.put("Id", container.id());
        row.putArray("Names").add("/" + container.name());
        row.put("Image", container.settings().request().image());
        row.put("ImageID", container.image().toString());
        row.put("Command", command(container));
        row.put("Created", container.createdAt().getEpochSecond());
        ArrayNode told = row.putArray("Ports");
        published.forEach(port -> port(told.addObject(), port));
        row.set("Labels", HostConfigJson.map(container.settings().labels()));
        row.put("State", container.state().toString());
        row.put("Status", status(container, now));
        row.putObject("HostConfig")
                .put("NetworkMode", container.settings().request().network());
        row.putObject("NetworkSettings").set("Networks", settings.networks(container, endpoints));
        row.set("Mounts", MountsJson.json(container.settings(), layout));
        row.putObject("Health")
                .put("Status", container.health().map(Health::status).orElse("none"))
                .put(
                        "FailingStreak",
                        container.health().map(Health::failingStreak).orElse(0));
        return row;
    }

    private static void port(ObjectNode json, ContainerPort port) {
        if (port.isPublished()) {
            json.put("IP", port.hostIp());
        }
        json.put("PrivatePort", port.containerPort());
        if (port.isPublished()) {
            json.put("PublicPort", port.hostPort());
        }
        json.put("Type", port.protocol());
    }

    /** Arguments with blanks are quoted, the program is not. */
    private static String command(Container container) {
        List<String> words = Stream.concat(
                        container.settings().entrypoint().stream(), container.settings().cmd().stream())
                .toList();
        return IntStream.range(0, words.size())
                .mapToObj(i -> i > 0 && words.get(i).contains(" ") ? "'" + words.get(i) + "'" : words.get(i))
                .collect(Collectors.joining(" "));
    }

    /** The state in words: {@code Up 3 seconds (healthy)}, {@code Exited (0) 5 seconds ago}. */
    static String status(Container container, Instant now) {
        String up = container
                .startedAt()
                .map(start -> "Up " + SpokenDuration.of(Duration.between(start, now)))
                .orElse("Up");
        String ended = "(" + container.exitCode() + ")"
                + container
                        .finishedAt()
                        .map(end -> " " + SpokenDuration.of(Duration.between(end, now)) + " ago")
                        .orElse("");
        return switch (container.state()) {
            case CREATED -> "Created";
            case RUNNING ->
                up + container.health().map(ContainerListJson::health).orElse("");
            case PAUSED -> up + " (Paused)";
            case RESTARTING -> "Restarting " + ended;
            case EXITED -> "Exited " + ended;
        };
    }

    private static String health(Health health) {
        return health.status().equals("starting") ? " (health: starting)" : " (" + health.status() + ")";
    }
}
