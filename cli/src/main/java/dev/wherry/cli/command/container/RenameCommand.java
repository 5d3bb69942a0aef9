package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.view.Failure;
import dev.wherry.v1.RenameContainerRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry rename}. */
@Command(
        customSynopsis = "wherry rename CONTAINER NEW_NAME",
        description = "Give a container another name.",
        footer = {"  wherry rename placid_cook web"})
public final class RenameCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "CONTAINER", index = "0")
    private String container;

    @Parameters(paramLabel = "NEW_NAME", index = "1")
    private String name;

    public RenameCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (container.isBlank() || name.isBlank()) {
            throw new Failure("neither old nor new names may be empty");
        }
        session.daemon()
                .containers()
                .rename(RenameContainerRequest.newBuilder()
                        .setContainer(container)
                        .setName(name)
                        .build());
        return 0;
    }
}
