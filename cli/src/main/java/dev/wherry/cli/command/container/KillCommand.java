package dev.wherry.cli.command.container;

import dev.wherry.cli.command.EachArgument;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.KillContainerRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry kill}. */
@Command
public final class KillCommand implements Callable<ExitStatus> {
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
    public ExitStatus call() {
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
