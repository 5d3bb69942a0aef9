package dev.wherry.cli.command.container;

import dev.wherry.cli.command.EachArgument;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.WaitContainerRequest;
import dev.wherry.v1.WaitContainerResponse;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry wait}. */
@Command
public final class WaitCommand implements Callable<ExitStatus> {
    private final Session session;

    @Parameters(paramLabel = "CONTAINER", arity = "1..*")
    private List<String> containers;

    public WaitCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        return EachArgument.of(session, containers, container -> {
            WaitContainerResponse response = session.daemon()
                    .containers()
                    .wait(WaitContainerRequest.newBuilder()
                            .setContainer(container)
                            .build());
            return List.of(String.valueOf(response.getExitCode()));
        });
    }
}
