package dev.wherry.cli.command.network;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.ReloadNetworksRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code wherry network reload}. */
@Command
public final class ReloadNetworksCommand implements Callable<ExitStatus> {
    private final Session session;

    public ReloadNetworksCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        session.daemon().networks().reload(ReloadNetworksRequest.getDefaultInstance());
        return ExitStatus.SUCCESS;
    }
}
