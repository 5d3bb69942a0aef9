package dev.wherry.cli.command.builder.history;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.BuildLogsRequest;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry builder history logs}. */
@Command
public final class BuildLogsCommand implements Callable<ExitStatus> {
    private final Session session;

    @Parameters(paramLabel = "BUILD", index = "0", arity = "0..1")
    private String build = "";

    @Parameters(paramLabel = "STEP", index = "1", arity = "0..1")
    private String step = "";

    public BuildLogsCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        StepName name = StepName.of(build, step);
        var chunks = session.daemon()
                .builds()
                .buildLogs(BuildLogsRequest.newBuilder()
                        .setBuild(name.build())
                        .setStep(name.step())
                        .build());
        while (chunks.hasNext()) {
            chunks.next().getData().writeTo(session.console().out());
        }
        session.console().out().flush();
        return ExitStatus.SUCCESS;
    }
}
