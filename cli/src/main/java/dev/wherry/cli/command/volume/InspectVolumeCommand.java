package dev.wherry.cli.command.volume;

import dev.wherry.cli.command.InspectOutput;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.InspectVolumeRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry volume inspect}. */
@Command
public final class InspectVolumeCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "TEMPLATE",
            description = "Format output with 'json' or a Go template")
    private String format;

    @Parameters(paramLabel = "VOLUME", arity = "1..*")
    private List<String> volumes;

    public InspectVolumeCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        return InspectOutput.print(session, volumes, format, name -> json(session, name));
    }

    /** One volume as a JSON object. */
    public static String json(Session session, String name) {
        return session.daemon()
                .volumes()
                .inspect(InspectVolumeRequest.newBuilder().setName(name).build())
                .getJson();
    }
}
