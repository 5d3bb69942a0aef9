package dev.wherry.cli.command.image;

import dev.wherry.cli.command.EachArgument;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.RemoveManifestListRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry manifest rm}. */
@Command
public final class RemoveManifestListsCommand implements Callable<ExitStatus> {
    private final Session session;

    @Parameters(paramLabel = "MANIFEST_LIST", arity = "1..*")
    private List<String> lists;

    public RemoveManifestListsCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        return EachArgument.inOrder(session, lists, list -> {
            session.daemon()
                    .manifestLists()
                    .remove(RemoveManifestListRequest.newBuilder().setList(list).build());
            return List.of();
        });
    }
}
