package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.command.FlagValue;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.CreateContainerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code run} and {@code create} say of the container to make. */
public final class CreateFlags {
    private static final Set<String> PULLS = Set.of("always", "missing", "never");

    @Option(names = "--rm", description = "Remove the container when it has stopped")
    public boolean remove;

    @Option(
            names = {"-i", "--interactive"},
            description = "Keep standard input open")
    boolean interactive;

    @Option(
            names = {"-t", "--tty"},
            description = "Give the container a terminal")
    public boolean tty;

    @Option(
            names = {"-a", "--attach"},
            paramLabel = "STDIN|STDOUT|STDERR",
            description = "Join only these streams")
    public List<String> attached = new ArrayList<>();

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the container; else one is made up")
    String name = "";

    @Option(names = "--cidfile", paramLabel = "FILE", description = "Write the ID to a file, which must not exist")
    public String idFile = "";

    @Mixin
    VariableFlags variables = new VariableFlags();

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

    @Option(names = "--init", description = "Run a small first process that passes on signals and reaps")
    boolean init;

    @Mixin
    NetworkFlags names = new NetworkFlags();

    @Mixin
    MountFlags mounts = new MountFlags();

    @Mixin
    IsolationFlags isolation = new IsolationFlags();

    @Mixin
    ResourceFlags resources = new ResourceFlags();

    @Mixin
    HealthFlags health = new HealthFlags();

    @Mixin
    LogFlags log = new LogFlags();

    @Option(
            names = "--restart",
            paramLabel = "no|always|on-failure[:N]|unless-stopped",
            description = "When it is started again; default: no")
    String restart = "";

    @Option(
            names = "--pull",
            paramLabel = "always|missing|never",
            description = "When to pull the image; default: missing")
    public String pull = "missing";

    @Option(names = "--platform", paramLabel = "OS/ARCH", description = "Platform of the image")
    public String platform = "";

    @Option(names = "--runtime", paramLabel = "NAME|PATH", description = "OCI runtime that runs it")
    String runtime = "";

    @Option(names = "--stop-signal", paramLabel = "SIGNAL", description = "Signal that stops the container")
    String stopSignal = "";

    @Option(
            names = "--stop-timeout",
            paramLabel = "SECONDS",
            description = "Time to end before it is killed; -1 for no limit")
    String stopTimeout;

    @Option(
            names = {"-q", "--quiet"},
            description = "Do not show how the image is pulled")
    public boolean quiet;

    @Parameters(index = "0", paramLabel = "IMAGE")
    public String image;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "ARG")
    List<String> args = new ArrayList<>();

    /**
     * Checks what only the client can check.
     *
     * @throws Failure when an option has a value it cannot have
     */
    public void check() {
        if (!PULLS.contains(pull)) {
            throw new Failure(
                    "invalid pull option: '" + pull + "': must be one of \"always\", \"missing\" or \"never\"", ExitStatus.NOT_STARTED);
        }
        for (String stream : attached) {
            if (!stream.matches("(?i)stdin|stdout|stderr")) {
                throw FlagValue.invalid("-a, --attach", stream, "valid streams are STDIN, STDOUT and STDERR");
            }
        }
        if (remove && !restart.isEmpty() && !restart.equals("no")) {
            throw new Failure("conflicting options: cannot specify both --restart and --rm", ExitStatus.NOT_STARTED);
        }
    }

    /** Whether a stream is to be joined: those asked for, else all but standard input. */
    public boolean joins(String stream) {
        return attached.isEmpty() ? !stream.equals("stdin") : attached.stream().anyMatch(stream::equalsIgnoreCase);
    }

    /** Whether standard input is to be joined. */
    public boolean joinsInput() {
        return interactive || joins("stdin");
    }

    /**
     * The request that creates the container.
     *
     * @throws Failure when an option has a value it cannot have
     */
    public CreateContainerRequest request(Map<String, String> environment, boolean foreground) {
        CreateContainerRequest.Builder request = CreateContainerRequest.newBuilder()
                .setImage(image)
                .setName(name)
                .addAllArgs(args)
                .setWorkingDir(workingDir)
                .setUser(user)
                .setTty(tty)
                .setStdinOpen(interactive)
                .setStdinOnce(interactive && foreground)
                .setAutoRemove(remove)
                // The client pulls by itself, to show how it goes.
                .setPull("never")
                .setPlatform(platform)
                .setStopSignal(stopSignal)
                .setInit(init)
                .setRestart(RestartPolicies.parse(restart))
                .setIsolation(isolation.isolation())
                .setResources(resources.resources())
                .setLog(log.config())
                .setRuntime(runtime);
        variables.into(request, environment);
        names.into(request);
        mounts.into(request);
        health.check().ifPresent(request::setHealth);
        if (stopTimeout != null) {
            request.setStopTimeoutSeconds((int) FlagValue.integer("--stop-timeout", stopTimeout, -1, 1 << 30));
        }
        if (entrypoint != null) {
            request.addEntrypoint(entrypoint);
        }
        return request.build();
    }
}
