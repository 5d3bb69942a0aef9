package dev.wherry.cli.command.container;

import dev.wherry.cli.command.KeyValues;
import dev.wherry.cli.view.Failure;
import dev.wherry.v1.CreateContainerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code run} and {@code create} say of the container to make. */
final class ContainerOptions {
    static final int USAGE = 125;
    private static final Set<String> NETWORKS = Set.of("", "host", "none");
    private static final Set<String> PULLS = Set.of("always", "missing", "never");

    @Option(names = "--rm", description = "Remove the container when it has stopped")
    boolean remove;

    @Option(
            names = {"-i", "--interactive"},
            description = "Keep standard input open")
    boolean interactive;

    @Option(
            names = {"-t", "--tty"},
            description = "Give the container a terminal")
    boolean tty;

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the container; else one is made up")
    String name = "";

    @Option(
            names = {"-e", "--env"},
            paramLabel = "KEY[=VALUE]",
            description = "Set a variable; KEY alone takes the value it has here")
    List<String> env = new ArrayList<>();

    @Option(names = "--env-file", paramLabel = "FILE", description = "Set the variables in a file, one a line")
    List<String> envFiles = new ArrayList<>();

    @Option(
            names = {"-w", "--workdir"},
            paramLabel = "DIR",
            description = "Directory the command starts in")
    String workingDir = "";

    @Option(
            names = {"-u", "--user"},
            paramLabel = "USER[:GROUP]",
            description = "User the command runs as")
    String user = "";

    @Option(names = "--entrypoint", paramLabel = "COMMAND", description = "Replace the image's entrypoint")
    String entrypoint;

    @Option(
            names = {"--network", "--net"},
            paramLabel = "host|none",
            description = "Network of the container")
    String network = "";

    @Option(
            names = "--pull",
            paramLabel = "always|missing|never",
            description = "When to pull the image; default: missing")
    String pull = "missing";

    @Option(names = "--platform", paramLabel = "OS/ARCH", description = "Platform of the image")
    String platform = "";

    @Option(
            names = {"-l", "--label"},
            paramLabel = "KEY=VALUE",
            description = "Label of the container")
    List<String> labels = new ArrayList<>();

    // -h alone asks for help; with a value it is docker's short form of --hostname.
    @Option(
            names = {"-h", "--hostname"},
            paramLabel = "NAME",
            arity = "0..1",
            fallbackValue = "",
            description = "Host name inside the container")
    String hostname;

    @Option(names = "--stop-signal", paramLabel = "SIGNAL", description = "Signal that stops the container")
    String stopSignal = "";

    @Option(
            names = {"-q", "--quiet"},
            description = "Do not show how the image is pulled")
    boolean quiet;

    @Parameters(index = "0", arity = "0..1", paramLabel = "IMAGE")
    String image;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "ARG")
    List<String> args = new ArrayList<>();

    /** Whether nothing but {@code -h} was given. */
    boolean asksForHelp() {
        return image == null && "".equals(hostname);
    }

    /**
     * Checks what only the client can check.
     *
     * @throws Failure when an option has a value it cannot have
     */
    void check(String command) {
        if (image == null) {
            throw new Failure(
                    "'wherry " + command + "' requires at least 1 argument\nSee 'wherry " + command + " --help'.", 1);
        }
        if ("".equals(hostname)) {
            throw new Failure("flag needs an argument: --hostname", USAGE);
        }
        if (!NETWORKS.contains(network)) {
            throw new Failure(command + ": --network " + network + " is not supported yet: use host or none", USAGE);
        }
        if (!PULLS.contains(pull)) {
            throw new Failure(command + ": --pull must be always, missing or never", USAGE);
        }
    }

    /** The request that creates the container. */
    CreateContainerRequest request(Map<String, String> environment, boolean attached) {
        CreateContainerRequest.Builder request = CreateContainerRequest.newBuilder()
                .setImage(image)
                .setName(name)
                .addAllArgs(args)
                .setWorkingDir(workingDir)
                .setUser(user)
                .setTty(tty)
                .setStdinOpen(interactive)
                .setStdinOnce(interactive && attached)
                .setAutoRemove(remove)
                .setNetwork(network)
                .setHostname(hostname == null ? "" : hostname)
                .putAllLabels(KeyValues.labels(labels))
                // The client pulls by itself, to show how it goes.
                .setPull("never")
                .setPlatform(platform)
                .setStopSignal(stopSignal);
        envFiles.forEach(file -> request.addAllEnv(KeyValues.variables(KeyValues.file(file), environment)));
        request.addAllEnv(KeyValues.variables(env, environment));
        if (entrypoint != null) {
            request.addEntrypoint(entrypoint);
        }
        return request.build();
    }
}
