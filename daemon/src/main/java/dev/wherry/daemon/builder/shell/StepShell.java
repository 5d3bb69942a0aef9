package dev.wherry.daemon.builder.shell;

import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.runtime.StepRunner;
import dev.wherry.daemon.runtime.bundle.ContainerProcess;
import dev.wherry.daemon.runtime.bundle.OwnNames;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A shell in the root file system of a step.
 *
 * @param rootfs mounted and writable
 * @param process the process that runs these arguments on a terminal
 * @param names of the networks that it is connected to
 * @param program the shell of the step's stage; {@link #USUAL} takes its place when it is missing
 */
public record StepShell(
        StepRunner runner,
        Path rootfs,
        Function<List<String>, ContainerProcess> process,
        OwnNames names,
        String program) {

    /** The shell of a stage that names none. */
    public static final String USUAL = "/bin/sh";

    /**
     * Runs the shell to its end and returns its exit code. Interrupting the calling thread kills it.
     *
     * @throws StartException when there is no shell
     */
    public int run(ShellTerminal terminal) {
        List<String> programs = Stream.of(program, USUAL).distinct().toList();
        for (String candidate : programs) {
            try {
                return runner.runOnTerminal(rootfs, process.apply(List.of(candidate)), names, terminal::join);
            } catch (StartException failure) {
                if (!failure.exitCode().equals(ExitCode.NOT_FOUND)) {
                    throw failure;
                }
            }
        }
        throw new StartException(
                ExitCode.NOT_FOUND,
                "there is no shell in the image: "
                        + (programs.size() == 1 ? "no " + USUAL : "neither " + program + " nor " + USUAL));
    }
}
