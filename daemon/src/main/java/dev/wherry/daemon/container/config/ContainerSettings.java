package dev.wherry.daemon.container.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.runtime.bundle.ContainerOptions;
import dev.wherry.daemon.runtime.bundle.ContainerProcess;
import dev.wherry.daemon.runtime.bundle.JoinedContainers;
import dev.wherry.daemon.runtime.bundle.ProcessNetwork;
import dev.wherry.daemon.runtime.spec.CdiDevices;
import dev.wherry.daemon.runtime.spec.CdiEdits;
import dev.wherry.daemon.runtime.spec.ExtraHost;
import dev.wherry.daemon.runtime.spec.ExtraMount;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import dev.wherry.daemon.runtime.spec.ProcessAdditions;
import dev.wherry.daemon.runtime.spec.ResolverConfig;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a container runs with: what was asked for, completed by its image. Decided once, so that a container keeps
 * running the same way when its image is gone.
 *
 * @param request as the caller made it
 * @param entrypoint with {@code cmd}, the program and its arguments
 * @param env of the image, then of the caller; one entry a name
 * @param hostname empty for the host's own
 * @param ports exposed by the image and the caller, such as "80/tcp"
 * @param labels of the image, overridden by the caller's
 * @param mounts all that it has: those asked for, those of other containers, and volumes where the image wants one
 * @param shell of the image, for commands without one of their own; empty for {@code /bin/sh -c}
 * @param owner whose quota it counts for; empty for nobody's
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record ContainerSettings(
        ContainerConfig request,
        List<String> entrypoint,
        List<String> cmd,
        List<String> env,
        String workingDir,
        String user,
        String hostname,
        String stopSignal,
        List<String> ports,
        Map<String, String> labels,
        List<String> shell,
        List<MountRequest> mounts,
        String owner) {

    /** A container of nobody's quota. */
    public ContainerSettings(
            ContainerConfig request,
            List<String> entrypoint,
            List<String> cmd,
            List<String> env,
            String workingDir,
            String user,
            String hostname,
            String stopSignal,
            List<String> ports,
            Map<String, String> labels,
            List<String> shell,
            List<MountRequest> mounts) {
        this(request, entrypoint, cmd, env, workingDir, user, hostname, stopSignal, ports, labels, shell, mounts, "");
    }

    /** A container of an older daemon has no stored shell, no volumes, and no owner. */
    public ContainerSettings {
        owner = owner == null ? "" : owner;
        shell = orEmpty(shell);
        mounts = mounts == null ? request.mounts() : List.copyOf(mounts);
    }

    /** The same settings with another request. */
    public ContainerSettings with(ContainerConfig next) {
        return with(next, mounts, owner);
    }

    /** The same settings with other mounts. */
    public ContainerSettings mounting(List<MountRequest> next) {
        return with(request, next, owner);
    }

    /** The same settings of a container that counts for a quota. */
    public ContainerSettings ownedBy(String next) {
        return with(request, mounts, next);
    }

    private ContainerSettings with(ContainerConfig nextRequest, List<MountRequest> nextMounts, String nextOwner) {
        return new ContainerSettings(
                nextRequest,
                entrypoint,
                cmd,
                env,
                workingDir,
                user,
                hostname,
                stopSignal,
                ports,
                labels,
                shell,
                nextMounts,
                nextOwner);
    }

    /** The program and its arguments. */
    public List<String> command() {
        List<String> command = new ArrayList<>(entrypoint);
        command.addAll(cmd);
        return command;
    }

    /**
     * The program and all that it gets.
     *
     * @param peers the running containers whose namespaces it joins
     * @param network the namespace of its network
     * @param mounted its mounts, with the places of volumes on the host
     */
    public ContainerProcess process(JoinedContainers peers, ProcessNetwork network, List<ExtraMount> mounted) {
        return new ContainerProcess(
                command(),
                env,
                workingDir,
                user,
                request.tty(),
                network,
                hostname,
                additions(mounted),
                options(request, peers));
    }

    private ProcessAdditions additions(List<ExtraMount> mounted) {
        CdiEdits devices = CdiDevices.required(request.isolation().pod().cdiDevices());
        return new ProcessAdditions(
                Stream.concat(mounted.stream(), devices.mounts().stream().map(ExtraMount.OfDevice::new))
                        .toList(),
                List.of(),
                request.names().hosts().stream().map(ExtraHost::parse).toList(),
                request.shmBytes() == 0 ? OptionalLong.empty() : OptionalLong.of(request.shmBytes()),
                List.of(),
                false,
                devices);
    }

    static ContainerOptions options(ContainerConfig request, JoinedContainers peers) {
        NameResolution names = request.names();
        return new ContainerOptions(
                request.isolation(),
                request.resources(),
                new ResolverConfig(names.servers(), names.search(), names.options()),
                request.init(),
                names.domainName(),
                request.annotations(),
                request.runtime(),
                peers);
    }

    /**
     * A new entrypoint makes the image's CMD void, since that was made for the image's own.
     *
     * @throws InvalidInputException when there is no program, or an unknown signal
     */
    public static ContainerSettings of(ContainerConfig request, ImageConfig.Execution image, String shortId) {
        boolean override = !request.entrypoint().isEmpty();
        List<String> entrypoint = override
                ? (request.entrypoint().equals(List.of("")) ? List.of() : request.entrypoint())
                : orEmpty(image.entrypoint());
        List<String> cmd = !request.args().isEmpty() || override ? request.args() : orEmpty(image.cmd());
        if (entrypoint.isEmpty() && cmd.isEmpty()) {
            throw new InvalidInputException("no command specified: the image " + request.image()
                    + " has neither CMD nor ENTRYPOINT, so name a program to run");
        }
        CreationCheck.check(request);
        String stopSignal = first(request.stopSignal(), image.stopSignal(), "SIGTERM");
        SignalNumbers.parse(stopSignal);
        return new ContainerSettings(
                request,
                entrypoint,
                cmd,
                environment(orEmpty(image.env()), request.env()),
                absolute(first(request.workingDir(), image.workingDir(), "")),
                first(request.user(), image.user(), ""),
                hostname(request, shortId),
                stopSignal,
                ports(image, request),
                labels(image, request),
                orEmpty(image.shell()),
                request.mounts());
    }

    private static String hostname(ContainerConfig request, String shortId) {
        if (!request.hostname().isEmpty()) {
            return request.hostname();
        }
        return switch (NetworkMode.ofContainer(request.network())) {
            case HOST, CONTAINER -> "";
            case BRIDGE, NONE -> shortId;
        };
    }

    private static String absolute(String workingDir) {
        if (!workingDir.isEmpty() && !workingDir.startsWith("/")) {
            throw new InvalidInputException(
                    "the working directory \"" + workingDir + "\" is not absolute: begin it with \"/\"");
        }
        return workingDir;
    }

    private static List<String> environment(List<String> image, List<String> request) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (List<String> entries : List.of(image, request)) {
            for (String entry : entries) {
                variables.put(entry.split("=", 2)[0], entry);
            }
        }
        return List.copyOf(variables.values());
    }

    private static List<String> ports(ImageConfig.Execution image, ContainerConfig request) {
        Set<String> ports = new TreeSet<>(request.expose());
        if (image.exposedPorts() != null) {
            ports.addAll(image.exposedPorts().keySet());
        }
        request.networking().ports().forEach(binding -> ports.add(binding.port()));
        return List.copyOf(ports);
    }

    private static Map<String, String> labels(ImageConfig.Execution image, ContainerConfig request) {
        Map<String, String> labels = new TreeMap<>();
        if (image.labels() != null) {
            labels.putAll(image.labels());
        }
        labels.putAll(request.labels());
        return labels;
    }

    private static List<String> orEmpty(List<String> list) {
        return list == null ? List.of() : list;
    }

    private static String first(String... candidates) {
        for (String candidate : candidates) {
            if (candidate != null && !candidate.isEmpty()) {
                return candidate;
            }
        }
        return "";
    }
}
