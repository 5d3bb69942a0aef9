package dev.wherry.daemon.api.docker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.Version;
import dev.wherry.daemon.api.docker.http.ApiVersion;
import dev.wherry.daemon.api.docker.http.EngineVersion;
import dev.wherry.daemon.api.docker.http.Exchange;
import dev.wherry.daemon.api.docker.http.ResponseBody;
import dev.wherry.daemon.api.docker.http.RouteSource;
import dev.wherry.daemon.api.docker.http.Routes;
import dev.wherry.daemon.api.json.EventJson;
import dev.wherry.daemon.event.EventFilter;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.host.HostTool;
import dev.wherry.daemon.host.HostTools;
import dev.wherry.daemon.host.Machine;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What the daemon says of itself, and what happens in it. */
@Singleton
final class SystemRoutes implements RouteSource {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String VERSION_METHOD = "SystemService/Version";
    private static final String LINES = "application/jsonl";

    private final HostTools tools;
    private final Events events;
    private final InfoJson info;
    private final DiskUsageJson usage;

    SystemRoutes(HostTools tools, Events events, InfoJson info, DiskUsageJson usage) {
        this.tools = tools;
        this.events = events;
        this.info = info;
        this.usage = usage;
    }

    @Override
    public void addTo(Routes routes) {
        routes.add("GET", "/_ping", VERSION_METHOD, this::ping)
                .add("HEAD", "/_ping", VERSION_METHOD, this::ping)
                .add("GET", "/version", VERSION_METHOD, this::version)
                .add("GET", "/info", "SystemService/Info", call -> call.json(200, info.json()))
                .add("GET", "/system/df", "SystemService/DiskUsage", call -> call.json(200, usage.json()))
                .watch("GET", "/events", "SystemService/Events", this::events);
    }

    private void ping(Exchange call) {
        call.with("Builder-Version", "2")
                .with("Swarm", "inactive")
                .with("Cache-Control", "no-cache, no-store, must-revalidate")
                .with("Pragma", "no-cache")
                .text(200, "text/plain; charset=utf-8", "OK");
    }

    private void version(Exchange call) {
        Machine machine = Machine.read();
        ObjectNode json = JSON.objectNode();
        json.putObject("Platform").put("Name", "Wherry " + Version.NUMBER);
        ArrayNode components = json.putArray("Components");
        component(
                components,
                "Engine",
                EngineVersion.NUMBER,
                Map.of(
                        "ApiVersion",
                        ApiVersion.NEWEST.toString(),
                        "MinAPIVersion",
                        ApiVersion.OLDEST.toString(),
                        "Experimental",
                        "false",
                        "Os",
                        "linux",
                        "Arch",
                        machine.architecture(),
                        "KernelVersion",
                        machine.kernel(),
                        "GitCommit",
                        Version.COMMIT));
        component(components, "wherryd", Version.NUMBER, Map.of("GitCommit", Version.COMMIT));
        for (HostTool tool : tools.all()) {
            if (!tool.version().isEmpty()) {
                component(components, tool.name(), tool.version(), Map.of());
            }
        }
        json.put("Version", EngineVersion.NUMBER);
        json.put("ApiVersion", ApiVersion.NEWEST.toString());
        json.put("MinAPIVersion", ApiVersion.OLDEST.toString());
        json.put("GitCommit", Version.COMMIT);
        // Clients require that something is there.
        json.put("GoVersion", "java" + Runtime.version().feature());
        json.put("Os", "linux");
        json.put("Arch", machine.architecture());
        json.put("KernelVersion", machine.kernel());
        json.put("BuildTime", "");
        call.json(200, json);
    }

    private static void component(ArrayNode components, String name, String version, Map<String, String> details) {
        ObjectNode told =
                components.addObject().put("Name", name).put("Version", version).putObject("Details");
        details.forEach(told::put);
    }

    private void events(Exchange call) throws InterruptedException {
        EventFilter filter = new EventFilter(call.parameters().filters());
        Optional<Instant> since = call.parameters().time("since");
        Optional<Instant> until = call.parameters().time("until");
        boolean lines = call.header("Accept").filter(LINES::equals).isPresent();
        ResponseBody out = call.stream(200, lines ? LINES : Exchange.JSON);
        events.watch(since, until, event -> {
            if (filter.test(event)) {
                out.line(EventJson.of(event));
            }
        });
    }
}
