package dev.wherry.cli.command.builder.history;

import dev.wherry.cli.command.Session;
import dev.wherry.v1.BuildLogsRequest;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry builder history logs}. */
@Command(
        customSynopsis = "wherry builder history logs [BUILD] [STEP]",
        description = "Show what the steps of a build wrote; without BUILD those of the last one.",
        footer = {"  wherry builder history logs", "  wherry builder history logs ^ 5"})
public final class BuildLogsCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "BUILD", index = "0", arity = "0..1")
    private String build = "";

    @Parameters(paramLabel = "STEP", index = "1", arity = "0..1")
    private String step = "";

    public BuildLogsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
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
        return 0;
    }
}
