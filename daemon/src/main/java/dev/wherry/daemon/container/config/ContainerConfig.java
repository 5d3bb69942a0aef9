package dev.wherry.daemon.container.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.spec.Isolation;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import dev.wherry.daemon.runtime.spec.PodLimits;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The options that a container was created with. Stored as JSON; a component that an older daemon did not write has its
 * default.
 *
 * @param image how the caller named the image
 * @param args replace the image's CMD when not empty
 * @param entrypoint replaces the image's ENTRYPOINT when not empty; one empty string clears it
 * @param env "KEY=VALUE", in order, later ones win; added to the image's
 * @param workingDir empty for the image's
 * @param user "user[:group]"; empty for the image's
 * @param stdinOpen keep standard input open for attached clients
 * @param stdinOnce close standard input when the first attached client leaves
 * @param autoRemove remove the container when it has stopped
 * @param network "host", "none", "container:ID" or the name of a network
 * @param hostname empty for the host's own on its network, else for the short ID
 * @param stopSignal empty for the image's, else SIGTERM
 * @param stopTimeout seconds from the stop signal to SIGKILL; {@link #STOP_DEFAULT} or {@link #STOP_UNLIMITED}
 * @param init whether a small first process passes on signals and reaps
 * @param expose more exposed ports, such as "80/tcp"
 * @param shmBytes of /dev/shm; 0 for 64 MiB
 * @param runtime name or absolute path of an OCI runtime; empty for the daemon's
 * @param pod which it belongs to, if to any
 * @param console size of the terminal before a client tells it another
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record ContainerConfig(
        String image,
        List<String> args,
        List<String> entrypoint,
        List<String> env,
        String workingDir,
        String user,
        boolean tty,
        boolean stdinOpen,
        boolean stdinOnce,
        boolean autoRemove,
        String network,
        String hostname,
        Map<String, String> labels,
        String stopSignal,
        Integer stopTimeout,
        boolean init,
        List<String> expose,
        RestartPolicy restart,
        HealthCheck health,
        Isolation isolation,
        Resources resources,
        List<MountRequest> mounts,
        long shmBytes,
        LogConfig log,
        NameResolution names,
        String runtime,
        Map<String, String> annotations,
        VolumeSources volumes,
        Networking networking,
        PodMembership pod,
        ConsoleSize console) {

    /** The daemon's own stop timeout; the value is stored with containers. */
    public static final int STOP_DEFAULT = -1;

    /** Stopping waits for the container however long it takes; the value is stored with containers. */
    public static final int STOP_UNLIMITED = -2;

    /** No options. */
    public static final ContainerConfig EMPTY = new ContainerConfig(
            "", List.of(), List.of(), List.of(), "", "", false, false, false, false, "host", "", Map.of(), "");

    /** Basic options; all others have their defaults. */
    public ContainerConfig(
            String image,
            List<String> args,
            List<String> entrypoint,
            List<String> env,
            String workingDir,
            String user,
            boolean tty,
            boolean stdinOpen,
            boolean stdinOnce,
            boolean autoRemove,
            String network,
            String hostname,
            Map<String, String> labels,
            String stopSignal) {
        this(
                image,
                args,
                entrypoint,
                env,
                workingDir,
                user,
                tty,
                stdinOpen,
                stdinOnce,
                autoRemove,
                network,
                hostname,
                labels,
                stopSignal,
                null,
                false,
                null,
                null,
                null,
                null,
                null,
                null,
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** All options of a container of no pod, whose terminal has the usual size. */
    public ContainerConfig(
            String image,
            List<String> args,
            List<String> entrypoint,
            List<String> env,
            String workingDir,
            String user,
            boolean tty,
            boolean stdinOpen,
            boolean stdinOnce,
            boolean autoRemove,
            String network,
            String hostname,
            Map<String, String> labels,
            String stopSignal,
            Integer stopTimeout,
            boolean init,
            List<String> expose,
            RestartPolicy restart,
            HealthCheck health,
            Isolation isolation,
            Resources resources,
            List<MountRequest> mounts,
            long shmBytes,
            LogConfig log,
            NameResolution names,
            String runtime,
            Map<String, String> annotations,
            VolumeSources volumes,
            Networking networking) {
        this(
                image,
                args,
                entrypoint,
                env,
                workingDir,
                user,
                tty,
                stdinOpen,
                stdinOnce,
                autoRemove,
                network,
                hostname,
                labels,
                stopSignal,
                stopTimeout,
                init,
                expose,
                restart,
                health,
                isolation,
                resources,
                mounts,
                shmBytes,
                log,
                names,
                runtime,
                annotations,
                volumes,
                networking,
                null,
                null);
    }

    public ContainerConfig {
        args = List.copyOf(args);
        entrypoint = List.copyOf(entrypoint);
        env = List.copyOf(env);
        labels = Map.copyOf(labels);
        stopTimeout = Objects.requireNonNullElse(stopTimeout, STOP_DEFAULT);
        expose = expose == null ? List.of() : List.copyOf(expose);
        restart = Objects.requireNonNullElse(restart, RestartPolicy.NO);
        health = Objects.requireNonNullElse(health, HealthCheck.NONE);
        isolation = Objects.requireNonNullElse(isolation, Isolation.DEFAULT);
        resources = Objects.requireNonNullElse(resources, Resources.DEFAULT);
        mounts = mounts == null ? List.of() : List.copyOf(mounts);
        log = Objects.requireNonNullElse(log, LogConfig.DEFAULT);
        names = Objects.requireNonNullElse(names, NameResolution.DEFAULT);
        runtime = Objects.requireNonNullElse(runtime, "");
        annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
        volumes = Objects.requireNonNullElse(volumes, VolumeSources.NONE);
        networking = Objects.requireNonNullElse(networking, Networking.NONE);
        pod = Objects.requireNonNullElse(pod, PodMembership.NONE);
        console = Objects.requireNonNullElse(console, ConsoleSize.NONE);
    }

    /** Names of its networks; of a container without networks of its own, the mode. */
    public List<String> networkNames() {
        return NetworkMode.ofContainer(network) == NetworkMode.BRIDGE
                ? networking.attachments().stream()
                        .map(NetworkAttachment::network)
                        .toList()
                : List.of(network);
    }

    /** The same config, with the containers whose namespaces it joins named by their IDs. */
    public ContainerConfig joining(String nextNetwork, Isolation nextIsolation) {
        return with(nextNetwork, restart, health, nextIsolation, resources, networking, console);
    }

    public ContainerConfig with(Networking nextNetworking) {
        return with(network, restart, health, isolation, resources, nextNetworking, console);
    }

    public ContainerConfig with(HealthCheck nextHealth) {
        return with(network, restart, nextHealth, isolation, resources, networking, console);
    }

    public ContainerConfig with(Resources nextResources, RestartPolicy nextRestart) {
        return with(network, nextRestart, health, isolation, nextResources, networking, console);
    }

    public ContainerConfig with(ConsoleSize nextConsole) {
        return with(network, restart, health, isolation, resources, networking, nextConsole);
    }

    public ContainerConfig with(Resources nextResources, PodLimits nextLimits) {
        return with(network, restart, health, isolation.limitedTo(nextLimits), nextResources, networking, console);
    }

    /** The one copy: whatever may differ from the config that a container was asked for is a parameter. */
    private ContainerConfig with(
            String nextNetwork,
            RestartPolicy nextRestart,
            HealthCheck nextHealth,
            Isolation nextIsolation,
            Resources nextResources,
            Networking nextNetworking,
            ConsoleSize nextConsole) {
        return new ContainerConfig(
                image,
                args,
                entrypoint,
                env,
                workingDir,
                user,
                tty,
                stdinOpen,
                stdinOnce,
                autoRemove,
                nextNetwork,
                hostname,
                labels,
                stopSignal,
                stopTimeout,
                init,
                expose,
                nextRestart,
                nextHealth,
                nextIsolation,
                nextResources,
                mounts,
                shmBytes,
                log,
                names,
                runtime,
                annotations,
                volumes,
                nextNetworking,
                pod,
                nextConsole);
    }
}
