package dev.wherry.daemon.api.docker.container;

import dev.wherry.daemon.api.docker.http.ApiVersion;
import dev.wherry.daemon.api.docker.http.JsonBody;
import dev.wherry.daemon.container.config.ConsoleSize;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.HealthCheck;
import dev.wherry.daemon.container.config.LogConfig;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.container.config.NameResolution;
import dev.wherry.daemon.container.config.VolumeSources;
import java.util.ArrayList;
import java.util.List;

/** The body of a container's creation: what is to run, and in {@code HostConfig} on what terms. */
final class CreateBody {

    private CreateBody() {}

    /**
     * @param version which the client speaks
     * @param logs where the output goes unless the body says otherwise
     */
    static ContainerConfig config(JsonBody body, ApiVersion version, LogConfig logs) {
        JsonBody host = body.object("HostConfig");
        String network = NetworkBody.mode(host.text("NetworkMode"));
        List<MountRequest> mounts = MountsBody.mounts(body, host, version);
        return new ContainerConfig(
                        body.text("Image"),
                        body.texts("Cmd"),
                        // As docker has it, a list with an empty string clears the image's.
                        body.texts("Entrypoint"),
                        env(body.texts("Env")),
                        body.text("WorkingDir"),
                        body.text("User"),
                        body.flag("Tty"),
                        body.flag("OpenStdin"),
                        body.flag("StdinOnce"),
                        host.flag("AutoRemove"),
                        network,
                        body.text("Hostname"),
                        body.map("Labels"),
                        body.text("StopSignal"),
                        stopTimeout(body),
                        host.flag("Init"),
                        exposed(body),
                        HostConfigBody.restart(host.object("RestartPolicy")),
                        health(body.object("Healthcheck")),
                        HostConfigBody.isolation(host),
                        HostConfigBody.resources(host),
                        mounts,
                        host.number("ShmSize"),
                        new LogConfig(
                                        host.object("LogConfig").text("Type"),
                                        host.object("LogConfig").map("Config"))
                                .completedBy(logs),
                        names(body, host),
                        host.text("Runtime"),
                        host.map("Annotations"),
                        new VolumeSources(
                                host.texts("VolumesFrom"), host.text("VolumeDriver"), MountsBody.covered(body, mounts)),
                        NetworkBody.networking(body, host, network))
                .with(console(host));
    }

    /** A variable without a value is one to take away, of which nothing is left to say here. */
    private static List<String> env(List<String> given) {
        return given.stream().filter(entry -> !entry.isEmpty()).toList();
    }

    private static int stopTimeout(JsonBody body) {
        if (!body.has("StopTimeout")) {
            return ContainerConfig.STOP_DEFAULT;
        }
        int seconds = body.integer("StopTimeout");
        return seconds < 0 ? ContainerConfig.STOP_UNLIMITED : seconds;
    }

    private static List<String> exposed(JsonBody body) {
        List<String> ports = new ArrayList<>();
        for (String port : body.object("ExposedPorts").names()) {
            ports.add(port.contains("/") ? port : port + "/tcp");
        }
        return ports;
    }

    private static HealthCheck health(JsonBody check) {
        return new HealthCheck(
                check.texts("Test"),
                check.number("Interval"),
                check.number("Timeout"),
                check.number("StartPeriod"),
                check.number("StartInterval"),
                check.integer("Retries"));
    }

    /** Height and width of the client's terminal; 0 where it says none. */
    static ConsoleSize console(JsonBody body) {
        List<Long> size = body.numbers("ConsoleSize");
        return size.size() == 2 ? new ConsoleSize(length(size.getFirst()), length(size.getLast())) : ConsoleSize.NONE;
    }

    private static int length(long asked) {
        return (int) Math.clamp(asked, 0, Short.MAX_VALUE);
    }

    private static NameResolution names(JsonBody body, JsonBody host) {
        return new NameResolution(
                host.texts("ExtraHosts"),
                host.texts("Dns"),
                host.texts("DnsSearch"),
                host.texts("DnsOptions"),
                body.text("Domainname"));
    }
}
