package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.RenameContainerRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry rename}. */
@Command
public final class RenameCommand implements Callable<ExitStatus> {
    private final Session session;

    @Parameters(paramLabel = "CONTAINER", index = "0")
    private String container;

    @Parameters(paramLabel = "NEW_NAME", index = "1")
    private String name;

    public RenameCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        if (container.isBlank() || name.isBlank()) {
            throw new Failure("neither old nor new names may be empty");
        }
        session.daemon()
                .containers()
                .rename(RenameContainerRequest.newBuilder()
                        .setContainer(container)
                        .setName(name)
                        .build());
        return ExitStatus.SUCCESS;
    }
}
