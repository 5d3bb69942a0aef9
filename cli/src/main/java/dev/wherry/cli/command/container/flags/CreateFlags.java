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

/** The flags of {@code run} and {@code create} that describe the container. */
public final class CreateFlags {
    private static final Set<String> PULLS = Set.of("always", "missing", "never");

    @Option(names = "--rm", description = "Automatically remove the container when it exits")
    public boolean remove;

    @Option(
            names = {"-i", "--interactive"},
            description = "Keep standard input open even if not attached")
    boolean interactive;

    @Option(
            names = {"-t", "--tty"},
            description = "Allocate a pseudo-TTY")
    public boolean tty;

    @Option(
            names = {"-a", "--attach"},
            paramLabel = "STDIN|STDOUT|STDERR",
            description = "Attach only to these streams")
    public List<String> attached = new ArrayList<>();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Assign a name to the container (default: a generated name)")
    String name = "";

    @Option(
            names = "--cidfile",
            paramLabel = "FILE",
            description = "Write the container ID to a file, which must not exist yet")
    public String idFile = "";

    @Mixin
    VariableFlags variables = new VariableFlags();

    @Option(
            names = {"-w", "--workdir"},
            paramLabel = "DIR",
            description = "Working directory inside the container")
    String workingDir = "";

    @Option(
            names = {"-u", "--user"},
            paramLabel = "USER[:GROUP]",
            description = "Username or UID, with an optional group")
    String user = "";

    @Option(
            names = "--entrypoint",
            paramLabel = "COMMAND",
            description = "Overwrite the default ENTRYPOINT of the image")
    String entrypoint;

    @Option(
            names = "--init",
            description = "Run an init inside the container that forwards signals and reaps processes")
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
            description = "Restart policy to apply when the container exits (default \"no\")")
    String restart = "";

    @Option(
            names = "--pull",
            paramLabel = "always|missing|never",
            description = "When to pull the image before the container is created (default \"missing\")")
    public String pull = "missing";

    @Option(names = "--platform", paramLabel = "OS/ARCH", description = "Platform of the image")
    public String platform = "";

    @Option(names = "--runtime", paramLabel = "NAME|PATH", description = "OCI runtime to use for the container")
    String runtime = "";

    @Option(names = "--stop-signal", paramLabel = "SIGNAL", description = "Signal to stop the container")
    String stopSignal = "";

    @Option(
            names = "--stop-timeout",
            paramLabel = "SECONDS",
            description = "Seconds to wait for the container to stop before killing it; -1 for no limit (default 10)")
    String stopTimeout;

    @Option(
            names = {"-q", "--quiet"},
            description = "Suppress the pull output")
    public boolean quiet;

    @Parameters(index = "0", paramLabel = "IMAGE")
    public String image;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "ARG")
    List<String> args = new ArrayList<>();

    /**
     * Checks the flags that the daemon never sees.
     *
     * @throws Failure if a flag has a wrong value
     */
    public void check() {
        if (!PULLS.contains(pull)) {
            throw new Failure(
                    "invalid pull option: '" + pull + "': must be one of \"always\", \"missing\" or \"never\"",
                    ExitStatus.NOT_STARTED);
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

    /** Whether to attach to a stream: to those asked for, else to all but standard input. */
    public boolean joins(String stream) {
        return attached.isEmpty() ? !stream.equals("stdin") : attached.stream().anyMatch(stream::equalsIgnoreCase);
    }

    /** Whether to attach to standard input. */
    public boolean joinsInput() {
        return interactive || joins("stdin");
    }

    /**
     * The request that creates the container.
     *
     * @throws Failure if a flag has a wrong value
     */
    public CreateContainerRequest request(Map<String, String> environment, boolean foreground) {
        CreateContainerRequest.Builder request = CreateContainerRequest.newBuilder()
                .setImage(image)
                .setPlatform(platform)
                .setName(name)
                .addAllArgs(args)
                .setWorkingDir(workingDir)
                .setUser(user)
                .setTty(tty)
                .setStdinOpen(interactive)
                .setStdinOnce(interactive && foreground)
                .setAutoRemove(remove)
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
