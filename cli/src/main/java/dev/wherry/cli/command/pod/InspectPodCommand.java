package dev.wherry.cli.command.pod;

import dev.wherry.cli.command.InspectOutput;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.InspectPodRequest;
import dev.wherry.v1.InspectPodResponse;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry pod inspect}. */
@Command
public final class InspectPodCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "TEMPLATE",
            description = "Format output with 'json' or a Go template")
    private String format;

    @Parameters(paramLabel = "POD", arity = "1..*")
    private List<String> pods;

    public InspectPodCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        return InspectOutput.print(
                session, pods, format, name -> inspect(session, name).getJson());
    }

    /** What the daemon knows of a pod. */
    static InspectPodResponse inspect(Session session, String name) {
        return session.daemon()
                .pods()
                .inspect(InspectPodRequest.newBuilder().setPod(name).build());
    }
}
