package dev.wherry.cli.command.container;

import dev.wherry.cli.command.EachArgument;
import dev.wherry.cli.command.Session;
import dev.wherry.v1.KillContainerRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry kill}. */
@Command(
        customSynopsis = "wherry kill [OPTIONS] CONTAINER [CONTAINER...]",
        description = "Send a signal to running containers, SIGKILL unless told otherwise.",
        footer = {"  wherry kill web", "  wherry kill -s HUP web"})
public final class KillCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = {"-s", "--signal"},
            paramLabel = "SIGNAL",
            description = "Name or number of the signal")
    private String signal = "";

    @Parameters(paramLabel = "CONTAINER", arity = "1..*")
    private List<String> containers;

    public KillCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return EachArgument.of(session, containers, container -> {
            session.daemon()
                    .containers()
                    .kill(KillContainerRequest.newBuilder()
                            .setContainer(container)
                            .setSignal(signal)
                            .build());
            return List.of(container);
        });
    }
}
