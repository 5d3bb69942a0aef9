package dev.wherry.daemon.builder.run;

import dev.wherry.daemon.builder.dockerfile.instruction.RunMount;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a {@code RUN} starts, and what its process sees.
 *
 * @param env all variables of the process, build arguments included
 * @param buildArgs names of those in {@code env} that come from ARG
 * @param hiddenEnv seen by the process but no input of the step: proxies
 * @param user empty for root
 * @param mounts in the order of the instruction
 * @param sandbox what the process is kept from
 * @param shell the program that runs the shell forms of the stage; no input of the step
 */
public record RunSpec(
        List<String> args,
        Map<String, String> env,
        Set<String> buildArgs,
        Map<String, String> hiddenEnv,
        String workingDir,
        String user,
        Optional<Script> script,
        List<Mount> mounts,
        Sandbox sandbox,
        String shell) {

    public RunSpec {
        args = List.copyOf(args);
        mounts = List.copyOf(mounts);
    }

    /** A script that stands in the instruction itself. */
    public record Script(String name, String text) {}

    /**
     * A mount.
     *
     * @param isFromResult true if it shows files of a vertex that the step reads, the next in their order; false if it
     *     shows the build context, or no files
     */
    public record Mount(RunMount mount, boolean isFromResult) {}
}
