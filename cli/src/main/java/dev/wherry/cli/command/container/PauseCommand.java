package dev.wherry.cli.command.container;

import dev.wherry.cli.command.EachArgument;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.PauseContainerRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry pause}. */
@Command
public final class PauseCommand implements Callable<ExitStatus> {
    private final Session session;

    @Parameters(paramLabel = "CONTAINER", arity = "1..*")
    private List<String> containers;

    public PauseCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        return EachArgument.of(session, containers, container -> {
            session.daemon()
                    .containers()
                    .pause(PauseContainerRequest.newBuilder()
                            .setContainer(container)
                            .build());
            return List.of(container);
        });
    }
}
