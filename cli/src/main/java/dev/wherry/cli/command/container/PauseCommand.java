package dev.wherry.cli.command.container;

import dev.wherry.cli.command.EachArgument;
import dev.wherry.cli.command.Session;
import dev.wherry.v1.PauseContainerRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry pause}. */
@Command(
        customSynopsis = "wherry pause CONTAINER [CONTAINER...]",
        description = "Freeze all processes of containers.",
        footer = {"  wherry pause web"})
public final class PauseCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "CONTAINER", arity = "1..*")
    private List<String> containers;

    public PauseCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
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
