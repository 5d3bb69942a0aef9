package dev.wherry.daemon.api.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.Health;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.ContainerSettings;
import dev.wherry.daemon.container.config.HealthCheck;
import dev.wherry.daemon.container.config.NetworkAttachment;
import dev.wherry.daemon.container.stats.ContainerSizes;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.runtime.security.SecurityOptions;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A container as docker inspects it. */
@Singleton
public final class ContainerJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private final Layout layout;
    private final OciRuntime runtime;
    private final NetworkSettingsJson networks;

    ContainerJson(Layout layout, OciRuntime runtime, NetworkSettingsJson networks) {
        this.layout = layout;
        this.runtime = runtime;
        this.networks = networks;
    }

    /**
     * The whole object.
     *
     * @param size when it was asked for
     * @param execs that run in the container
     */
    public String of(Container container, Optional<ContainerSizes.Size> size, List<String> execs) {
        ContainerLayout files = ContainerLayout.of(layout, container.id());
        ContainerSettings settings = container.settings();
        List<String> command = settings.command();
        ObjectNode root = JSON.objectNode();
        root.put("Id", container.id());
        root.put("Created", container.createdAt().toString());
        root.put("Path", command.getFirst());
        root.set("Args", HostConfigJson.array(command.subList(1, command.size())));
        root.set("State", state(container, files));
        root.put("Image", container.image().toString());
        Path names = ContainerLayout.names(layout, container);
        root.put("ResolvConfPath", names.resolve("resolv.conf").toString());
        root.put("HostnamePath", names.resolve("hostname").toString());
        root.put("HostsPath", names.resolve("hosts").toString());
        root.put("LogPath", files.log(container).toString());
        root.put("Name", "/" + container.name());
        root.put("RestartCount", container.restarts());
        root.put("Driver", "overlay2");
        root.put("Platform", "linux");
        root.put("MountLabel", "");
        root.put("ProcessLabel", "");
        root.put(
                "AppArmorProfile",
                SecurityOptions.apparmorProfile(settings.request().isolation()));
        root.set("ExecIDs", HostConfigJson.orNull(execs));
        ObjectNode host =
                HostConfigJson.json(settings.request(), runtime.standard().name());
        host.set("Links", networks.links(container));
        root.set("HostConfig", host);
        ObjectNode driver = root.putObject("GraphDriver");
        driver.put("Name", "overlay2");
        driver.putObject("Data")
                .put("MergedDir", files.rootfs().toString())
                .put("Snapshot", container.snapshot().map(Object::toString).orElse(""));
        size.ifPresent(bytes -> root.put("SizeRw", bytes.written()).put("SizeRootFs", bytes.seen()));
        root.set("Mounts", MountsJson.json(settings, layout));
        root.set("Config", config(settings));
        root.set("NetworkSettings", networks.of(container, namespace(container)));
        return root.toString();
    }

    /** Of a container that runs on networks of its own: the file of its network namespace. */
    private Optional<String> namespace(Container container) {
        boolean own = NetworkMode.ofContainer(container.settings().request().network()) == NetworkMode.BRIDGE;
        return own && container.state().isAlive()
                ? Optional.of(layout.networkNamespaces().resolve(container.id()).toString())
                : Optional.empty();
    }

    private static ObjectNode state(Container container, ContainerLayout files) {
        ObjectNode state = JSON.objectNode();
        state.put("Status", container.state().toString());
        // As docker has it, what is about to be restarted counts as running.
        state.put("Running", container.state().isUp());
        state.put("Paused", container.state() == State.PAUSED);
        state.put("Restarting", container.state() == State.RESTARTING);
        state.put("OOMKilled", files.ranOutOfMemory());
        state.put("Dead", false);
        state.put("Pid", container.pid());
        state.put("ExitCode", container.exitCode());
        state.put("Error", container.error());
        state.put("StartedAt", time(container.startedAt()));
        state.put("FinishedAt", time(container.finishedAt()));
        container.health().ifPresent(health -> state.set("Health", health(health)));
        return state;
    }

    private static ObjectNode health(Health health) {
        ObjectNode told = JSON.objectNode();
        told.put("Status", health.status());
        told.put("FailingStreak", health.failingStreak());
        ArrayNode log = told.putArray("Log");
        health.results()
                .forEach(result -> log.addObject()
                        .put(
                                "Start",
                                Instant.ofEpochSecond(0, result.startNanos()).toString())
                        .put("End", Instant.ofEpochSecond(0, result.endNanos()).toString())
                        .put("ExitCode", result.exitCode())
                        .put("Output", result.output()));
        return told;
    }

    private static String time(Optional<Instant> time) {
        return time.map(Instant::toString).orElse(NEVER);
    }

    private static ObjectNode config(ContainerSettings settings) {
        ContainerConfig request = settings.request();
        ObjectNode config = JSON.objectNode();
        config.put("Hostname", settings.hostname());
        config.put("Domainname", request.names().domainName());
        config.put("User", settings.user());
        config.put("AttachStdin", request.stdinOnce());
        config.put("AttachStdout", false);
        config.put("AttachStderr", false);
        ObjectNode ports = config.putObject("ExposedPorts");
        settings.ports().forEach(ports::putObject);
        config.put("Tty", request.tty());
        config.put("OpenStdin", request.stdinOpen());
        config.put("StdinOnce", request.stdinOnce());
        config.set("Env", HostConfigJson.array(settings.env()));
        config.set("Cmd", HostConfigJson.orNull(settings.cmd()));
        healthCheck(config, request.health());
        config.put("Image", request.image());
        config.set("Volumes", MountsJson.anonymous(settings));
        config.put("WorkingDir", settings.workingDir());
        config.set("Entrypoint", HostConfigJson.orNull(settings.entrypoint()));
        request.networking().attachments().stream()
                .filter(attachment -> attachment.network().equals(request.network()))
                .map(NetworkAttachment::mac)
                .filter(mac -> !mac.isEmpty())
                .forEach(mac -> config.put("MacAddress", mac));
        config.putNull("OnBuild");
        config.set("Labels", HostConfigJson.map(settings.labels()));
        config.put("StopSignal", settings.stopSignal());
        if (request.stopTimeout() != ContainerConfig.STOP_DEFAULT) {
            // Docker's -1 is no limit.
            config.put("StopTimeout", Math.max(request.stopTimeout(), -1));
        }
        if (!settings.shell().isEmpty()) {
            config.set("Shell", HostConfigJson.array(settings.shell()));
        }
        return config;
    }

    private static void healthCheck(ObjectNode config, HealthCheck check) {
        if (check.equals(HealthCheck.NONE)) {
            return;
        }
        ObjectNode told = config.putObject("Healthcheck");
        told.set("Test", HostConfigJson.array(check.test()));
        putUnlessZero(told, "Interval", check.intervalNanos());
        putUnlessZero(told, "Timeout", check.timeoutNanos());
        putUnlessZero(told, "StartPeriod", check.startPeriodNanos());
        putUnlessZero(told, "StartInterval", check.startIntervalNanos());
        putUnlessZero(told, "Retries", check.retries());
    }

    private static void putUnlessZero(ObjectNode node, String name, long value) {
        if (value != 0) {
            node.put(name, value);
        }
    }
}
