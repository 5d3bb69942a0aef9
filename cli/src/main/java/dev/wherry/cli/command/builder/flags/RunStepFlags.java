package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.command.ExtraHost;
import dev.wherry.cli.command.FlagValue;
import dev.wherry.cli.command.ProcessLimit;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Console;
import dev.wherry.v1.BuildOptions;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Flags of {@code wherry build} about the processes of RUN instructions. */
public final class RunStepFlags {
    private static final List<String> ENTITLEMENTS = List.of("network.host", "security.insecure", "device");

    @Option(
            names = "--network",
            paramLabel = "default|host|none",
            description = "Set the networking mode for the RUN instructions during build")
    private String network = "";

    @Option(
            names = "--add-host",
            paramLabel = "NAME:ADDRESS",
            description = "Add a custom host-to-IP mapping for the RUN instructions")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--shm-size",
            paramLabel = "BYTES",
            description = "Size of /dev/shm for the RUN instructions, such as 128m")
    private String shmSize;

    @Option(
            names = "--ulimit",
            paramLabel = "NAME=SOFT[:HARD]",
            description = "Set a resource limit of processes, such as nofile=1024")
    private List<String> limits = new ArrayList<>();

    @Option(
            names = "--allow",
            paramLabel = "ENTITLEMENT",
            description = "Allow an extra privileged entitlement: network.host, security.insecure or device[=NAME]")
    private List<String> allowed = new ArrayList<>();

    @Option(
            names = "--on-failure",
            paramLabel = "shell",
            description =
                    "Open a shell in the state that the first failed RUN left; the build fails when the shell ends")
    private String onFailure = "";

    /** Whether a failed RUN opens a shell. */
    public boolean opensShell() {
        return !onFailure.isEmpty();
    }

    /**
     * Puts the flags into the options.
     *
     * @throws Failure if a flag has a wrong value, or a shell would have no terminal
     */
    public void into(BuildOptions.Builder options, Console console) {
        if (opensShell() && !onFailure.equals("shell")) {
            throw new Failure("--on-failure " + onFailure + ": there is only shell");
        }
        if (opensShell() && !console.inIsTerminal()) {
            throw new Failure(
                    "--on-failure shell needs a terminal, and standard input is none", ExitStatus.NOT_STARTED);
        }
        options.setShellOnFailure(opensShell());
        options.setNetwork(network).setShmBytes(FlagValue.bytes("--shm-size", shmSize));
        hosts.forEach(host -> options.addAddHosts(ExtraHost.parse(host)));
        limits.stream().map(ProcessLimit::parse).forEach(options::addLimits);
        for (String entitlement : allowed) {
            if (!ENTITLEMENTS.contains(entitlement) && !entitlement.matches("device=.+")) {
                throw new Failure("--allow " + entitlement + ": there is only " + String.join(", ", ENTITLEMENTS));
            }
            options.addAllow(entitlement);
        }
    }
}
