package dev.wherry.daemon.api.docker.container;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.api.docker.http.Exchange;
import dev.wherry.daemon.api.docker.http.JsonBody;
import dev.wherry.daemon.api.docker.http.Parameters;
import dev.wherry.daemon.api.docker.http.RouteSource;
import dev.wherry.daemon.api.docker.http.Routes;
import dev.wherry.daemon.api.json.ContainerJson;
import dev.wherry.daemon.api.json.ContainerListJson;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerFilters;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.CreationCheck;
import dev.wherry.daemon.container.config.LogConfig;
import dev.wherry.daemon.container.config.RestartPolicy;
import dev.wherry.daemon.container.exec.Execs;
import dev.wherry.daemon.container.lifecycle.Lifecycle;
import dev.wherry.daemon.container.lifecycle.Pruned;
import dev.wherry.daemon.container.stats.ContainerProcesses;
import dev.wherry.daemon.container.stats.ContainerSizes;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.Platform;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The life of containers. */
@Singleton
final class ContainerRoutes implements RouteSource {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** After these a client expects that the container does not run any more. */
    private static final Set<String> KILL = Set.of("", "KILL", "SIGKILL", "9");

    private static final Duration KILLED_WITHIN = Duration.ofSeconds(10);

    private final Containers containers;
    private final Lifecycle lifecycle;
    private final ContainerFilters filters;
    private final ContainerJson json;
    private final ContainerListJson list;
    private final ContainerSizes sizes;
    private final ContainerProcesses processes;
    private final Execs execs;
    private final LogConfig logs;

    ContainerRoutes(
            Containers containers,
            Lifecycle lifecycle,
            ContainerFilters filters,
            ContainerJson json,
            ContainerListJson list,
            ContainerSizes sizes,
            ContainerProcesses processes,
            Execs execs,
            LogConfig logs) {
        this.containers = containers;
        this.lifecycle = lifecycle;
        this.filters = filters;
        this.json = json;
        this.list = list;
        this.sizes = sizes;
        this.processes = processes;
        this.execs = execs;
        this.logs = logs;
    }

    @Override
    public void addTo(Routes routes) {
        routes.add("GET", "/containers/json", "ContainerService/List", this::list)
                .add("POST", "/containers/create", "ContainerService/Create", this::create)
                .add("POST", "/containers/prune", "ContainerService/Prune", this::prune)
                .add("GET", "/containers/{id}/json", "ContainerService/Inspect", this::inspect)
                .add("GET", "/containers/{id}/top", "ContainerService/Top", this::top)
                .add("POST", "/containers/{id}/start", "ContainerService/Start", this::start)
                .add("POST", "/containers/{id}/stop", "ContainerService/Stop", this::stop)
                .add("POST", "/containers/{id}/restart", "ContainerService/Restart", this::restart)
                .add("POST", "/containers/{id}/kill", "ContainerService/Kill", this::kill)
                .add("POST", "/containers/{id}/pause", "ContainerService/Pause", this::pause)
                .add("POST", "/containers/{id}/unpause", "ContainerService/Unpause", this::unpause)
                .add("POST", "/containers/{id}/rename", "ContainerService/Rename", this::rename)
                .add("POST", "/containers/{id}/update", "ContainerService/Update", this::update)
                .add("DELETE", "/containers/{id}", "ContainerService/Remove", this::remove)
                .add("DELETE", "/containers/{id}/{alias}", "ContainerService/Remove", this::unlink);
    }

    private void list(Exchange call) {
        Parameters asked = call.parameters();
        List<Container> listed = filters.list(
                asked.flag("all"), Math.max(0, asked.number("limit").orElse(0)), asked.filters());
        call.json(200, list.of(listed, asked.flag("size"), Instant.now()));
    }

    private void create(Exchange call) {
        ContainerConfig config = CreateBody.config(call.jsonBody(), call.version(), logs);
        String platform = call.parameters().text("platform");
        Container container = lifecycle.create(
                call.parameters().text("name").replaceFirst("^/", ""),
                config,
                platform.isEmpty() ? Optional.empty() : Optional.of(Platform.parse(platform)));
        ObjectNode answer = JSON.objectNode().put("Id", container.id());
        ArrayNode warnings = answer.putArray("Warnings");
        CreationCheck.warnings(config).forEach(warnings::add);
        call.json(201, answer);
    }

    private void inspect(Exchange call) {
        Container container = containers.get(call.variable("id"));
        call.json(
                200,
                json.of(
                        container,
                        call.parameters().flag("size") ? Optional.of(sizes.of(container)) : Optional.empty(),
                        execs.running(container.id())));
    }

    private void top(Exchange call) {
        String arguments = call.parameters().text("ps_args");
        ContainerProcesses.Listing listing = processes.list(
                call.variable("id"),
                arguments.isBlank()
                        ? List.of()
                        : Arrays.asList(arguments.strip().split("\\s+")));
        ObjectNode answer = JSON.objectNode();
        ArrayNode titles = answer.putArray("Titles");
        listing.titles().forEach(titles::add);
        ArrayNode rows = answer.putArray("Processes");
        listing.rows().forEach(row -> row.forEach(rows.addArray()::add));
        call.json(200, answer);
    }

    private void start(Exchange call) throws InterruptedException {
        Container container = containers.get(call.variable("id"));
        if (container.state() == State.RUNNING) {
            call.empty(304);
            return;
        }
        lifecycle.start(container.id());
        call.empty(204);
    }

    private void stop(Exchange call) throws InterruptedException {
        Container container = containers.get(call.variable("id"));
        if (!container.state().isUp()) {
            call.empty(304);
            return;
        }
        lifecycle.stop(container.id(), timeout(call), call.parameters().text("signal"));
        call.empty(204);
    }

    private void restart(Exchange call) throws InterruptedException {
        lifecycle.restart(call.variable("id"), timeout(call), call.parameters().text("signal"));
        call.empty(204);
    }

    /** Less than nothing means for ever. */
    private static Optional<Duration> timeout(Exchange call) {
        return call.parameters().number("t").stream()
                .mapToObj(Duration::ofSeconds)
                .findFirst();
    }

    private void kill(Exchange call) throws InterruptedException {
        Container container = containers.get(call.variable("id"));
        if (!container.state().isUp()) {
            throw new ConflictException("cannot kill container: " + call.variable("id") + ": container "
                    + container.id() + " is not running");
        }
        String signal = call.parameters().text("signal");
        lifecycle.kill(container.id(), signal);
        if (KILL.contains(signal)) {
            lifecycle.awaitStopped(container.id(), KILLED_WITHIN);
        }
        call.empty(204);
    }

    private void pause(Exchange call) throws InterruptedException {
        lifecycle.pause(call.variable("id"));
        call.empty(204);
    }

    private void unpause(Exchange call) throws InterruptedException {
        lifecycle.unpause(call.variable("id"));
        call.empty(204);
    }

    private void rename(Exchange call) throws InterruptedException {
        lifecycle.rename(call.variable("id"), call.parameters().text("name").replaceFirst("^/", ""));
        call.empty(204);
    }

    private void update(Exchange call) throws InterruptedException {
        JsonBody body = call.jsonBody();
        Optional<RestartPolicy> restart =
                body.object("RestartPolicy").text("Name").isEmpty()
                        ? Optional.empty()
                        : Optional.of(HostConfigBody.restart(body.object("RestartPolicy")));
        lifecycle.update(call.variable("id"), HostConfigBody.changes(body, call.version()), restart);
        ObjectNode answer = JSON.objectNode();
        answer.putArray("Warnings");
        call.json(200, answer);
    }

    private void remove(Exchange call) throws InterruptedException {
        lifecycle.remove(
                call.variable("id"),
                call.parameters().flag("force"),
                call.parameters().flag("v"));
        call.empty(204);
    }

    /** The name of a link is that of the container that has it, and the alias. */
    private void unlink(Exchange call) throws InterruptedException {
        String name = call.variable("id") + "/" + call.variable("alias");
        if (!call.parameters().flag("link")) {
            throw new NotFoundException("container", name, "No such container: " + name);
        }
        lifecycle.unlink(call.variable("id"), call.variable("alias"));
        call.empty(204);
    }

    private void prune(Exchange call) throws InterruptedException {
        Pruned pruned = lifecycle.prune(filters.toPrune(call.parameters().filters()));
        ObjectNode answer = JSON.objectNode();
        if (pruned.ids().isEmpty()) {
            answer.putNull("ContainersDeleted");
        } else {
            ArrayNode deleted = answer.putArray("ContainersDeleted");
            pruned.ids().forEach(deleted::add);
        }
        call.json(200, answer.put("SpaceReclaimed", pruned.bytes()));
    }
}
