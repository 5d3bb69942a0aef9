package dev.wherry.cli.command.container;

import dev.wherry.cli.command.InspectOutput;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.InspectContainerRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry container inspect}. */
@Command
public final class InspectContainerCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "TEMPLATE",
            description = "Format output with 'json' or a Go template")
    private String format;

    @Option(
            names = {"-s", "--size"},
            description = "Display the total file sizes")
    private boolean size;

    @Parameters(paramLabel = "CONTAINER", arity = "1..*")
    private List<String> containers;

    public InspectContainerCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        return InspectOutput.print(session, containers, format, name -> json(session, name, size));
    }

    /** What the daemon knows of a container. */
    public static String json(Session session, String name) {
        return json(session, name, false);
    }

    /**
     * What the daemon knows of a container.
     *
     * @param size whether it measures what the container wrote
     */
    public static String json(Session session, String name, boolean size) {
        return session.daemon()
                .containers()
                .inspect(InspectContainerRequest.newBuilder()
                        .setContainer(name)
                        .setSize(size)
                        .build())
                .getJson();
    }
}
