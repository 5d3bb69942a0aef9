package dev.wherry.daemon.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A container as the JSON that docker's {@code inspect} prints. */
final class Inspection {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private Inspection() {}

    static String json(Container container, ContainerFiles files) {
        Settings settings = container.settings();
        List<String> command = settings.command();
        ObjectNode root = JSON.createObjectNode();
        root.put("Id", container.id());
        root.put("Created", container.createdAt().toString());
        root.put("Path", command.getFirst());
        root.set("Args", JSON.valueToTree(command.subList(1, command.size())));
        root.set("State", state(container, files));
        root.put("Image", container.image().toString());
        root.put("ResolvConfPath", files.bundle().resolve("resolv.conf").toString());
        root.put("HostnamePath", files.bundle().resolve("hostname").toString());
        root.put("HostsPath", files.bundle().resolve("hosts").toString());
        root.put("LogPath", files.log().toString());
        root.put("Name", "/" + container.name());
        root.put("RestartCount", 0);
        root.put("Driver", "overlay2");
        root.put("Platform", "linux");
        root.set("HostConfig", hostConfig(settings.request()));
        ObjectNode driver = root.putObject("GraphDriver");
        driver.put("Name", "overlay2");
        driver.putObject("Data")
                .put("MergedDir", files.rootfs().toString())
                .put("Snapshot", container.snapshot().map(Object::toString).orElse(""));
        root.putArray("Mounts");
        root.set("Config", config(container));
        ObjectNode network = root.putObject("NetworkSettings");
        network.putObject("Ports");
        network.putObject("Networks").putObject(settings.request().network());
        return root.toString();
    }

    private static ObjectNode state(Container container, ContainerFiles files) {
        ObjectNode state = JSON.createObjectNode();
        state.put("Status", container.state().toString());
        state.put("Running", container.state().isAlive());
        state.put("Paused", container.state() == State.PAUSED);
        state.put("Restarting", container.state() == State.RESTARTING);
        state.put("OOMKilled", Files.exists(files.oomMark()));
        state.put("Dead", container.state() == State.DEAD);
        state.put("Pid", container.pid());
        state.put("ExitCode", container.exitCode());
        state.put("Error", container.error());
        state.put("StartedAt", time(container.startedAt()));
        state.put("FinishedAt", time(container.finishedAt()));
        return state;
    }

    private static String time(Optional<Instant> time) {
        return time.map(Instant::toString).orElse(NEVER);
    }

    private static ObjectNode hostConfig(ContainerConfig request) {
        ObjectNode host = JSON.createObjectNode();
        host.putObject("LogConfig").put("Type", "k8s-file").putObject("Config");
        host.put("NetworkMode", request.network());
        host.putObject("PortBindings");
        host.putObject("RestartPolicy").put("Name", "no").put("MaximumRetryCount", 0);
        host.put("AutoRemove", request.autoRemove());
        host.put("Privileged", false);
        host.put("ReadonlyRootfs", false);
        return host;
    }

    private static ObjectNode config(Container container) {
        Settings settings = container.settings();
        ContainerConfig request = settings.request();
        ObjectNode config = JSON.createObjectNode();
        config.put("Hostname", settings.hostname());
        config.put("Domainname", "");
        config.put("User", settings.user());
        config.put("AttachStdin", request.stdinOnce());
        config.put("AttachStdout", false);
        config.put("AttachStderr", false);
        config.put("Tty", request.tty());
        config.put("OpenStdin", request.stdinOpen());
        config.put("StdinOnce", request.stdinOnce());
        config.set("Env", JSON.valueToTree(settings.env()));
        config.set("Cmd", orNull(settings.cmd()));
        config.put("Image", request.image());
        ObjectNode ports = config.putObject("ExposedPorts");
        settings.ports().forEach(ports::putObject);
        config.put("WorkingDir", settings.workingDir());
        config.putNull("Volumes");
        config.set("Entrypoint", orNull(settings.entrypoint()));
        config.putNull("OnBuild");
        config.set("Labels", JSON.valueToTree(settings.labels()));
        config.put("StopSignal", settings.stopSignal());
        return config;
    }

    /** As docker has it, a command that is not given is null. */
    private static JsonNode orNull(List<String> words) {
        return words.isEmpty() ? JSON.nullNode() : JSON.valueToTree(words);
    }
}
