package dev.wherry.cli.command.network;

import dev.wherry.cli.command.InspectOutput;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.InspectNetworkRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry network inspect}. */
@Command
public final class InspectNetworkCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "TEMPLATE",
            description = "Format output with 'json' or a Go template")
    private String format;

    /** Without effect: it adds what a swarm knows. */
    @Option(
            names = {"-v", "--verbose"},
            description = "Verbose output for diagnostics")
    private boolean verbose;

    @Parameters(paramLabel = "NETWORK", arity = "1..*")
    private List<String> networks;

    public InspectNetworkCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        return InspectOutput.print(session, networks, format, name -> json(session, name));
    }

    /** What the daemon knows of a network. */
    public static String json(Session session, String name) {
        return session.daemon()
                .networks()
                .inspect(InspectNetworkRequest.newBuilder().setNetwork(name).build())
                .getJson();
    }
}
