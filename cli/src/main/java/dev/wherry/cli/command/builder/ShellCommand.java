package dev.wherry.cli.command.builder;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.builder.history.StepName;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.PastStep;
import dev.wherry.v1.StepShellOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry builder shell}: its exit status is that of the shell. */
@Command
public final class ShellCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(names = "--before", description = "Show the files that the step found, not those that it left")
    private boolean before;

    @Parameters(paramLabel = "BUILD", index = "0", arity = "0..1")
    private String build = "";

    @Parameters(paramLabel = "STEP", index = "1", arity = "0..1")
    private String step = "";

    public ShellCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        if (!session.console().inIsTerminal()) {
            throw new Failure("a shell needs a terminal, and standard input is none", ExitStatus.NOT_STARTED);
        }
        StepName name = StepName.of(build, step);
        return new ExitStatus(StepShell.run(
                session,
                StepShellOptions.newBuilder()
                        .setPast(PastStep.newBuilder()
                                .setBuild(name.build())
                                .setStep(name.step())
                                .setBefore(before))));
    }
}
