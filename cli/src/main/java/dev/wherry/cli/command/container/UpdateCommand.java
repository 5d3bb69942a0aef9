package dev.wherry.cli.command.container;

import dev.wherry.cli.command.EachArgument;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.container.flags.LimitFlags;
import dev.wherry.cli.command.container.flags.RestartPolicies;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.Resources;
import dev.wherry.v1.UpdateContainerRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry update}. */
@Command
public final class UpdateCommand implements Callable<ExitStatus> {
    private final Session session;

    @Mixin
    private LimitFlags limits = new LimitFlags();

    @Option(
            names = "--restart",
            paramLabel = "no|always|on-failure[:N]|unless-stopped",
            description = "Restart policy to apply when the container exits")
    private String restart = "";

    @Parameters(paramLabel = "CONTAINER", arity = "1..*")
    private List<String> containers;

    public UpdateCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        Resources.Builder resources = Resources.newBuilder();
        limits.into(resources);
        UpdateContainerRequest.Builder asked =
                UpdateContainerRequest.newBuilder().setResources(resources);
        if (!restart.isEmpty()) {
            asked.setRestart(RestartPolicies.parse(restart));
        }
        UpdateContainerRequest request = asked.build();
        if (!request.hasRestart() && request.getResources().equals(Resources.getDefaultInstance())) {
            throw new Failure("you must provide one or more flags when using this command");
        }
        return EachArgument.of(session, containers, container -> {
            session.daemon()
                    .containers()
                    .update(request.toBuilder().setContainer(container).build());
            return List.of(container);
        });
    }
}
