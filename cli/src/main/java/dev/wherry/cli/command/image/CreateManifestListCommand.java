package dev.wherry.cli.command.image;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.login.StoredLogins;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.CreateManifestListRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry manifest create}. */
@Command
public final class CreateManifestListCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-a", "--amend"},
            description = "Amend an existing manifest list")
    private boolean amend;

    @Option(names = "--insecure", description = "Allowed for docker's sake; the daemon's configuration decides")
    private boolean insecure;

    @Parameters(paramLabel = "MANIFEST_LIST", index = "0")
    private String list;

    @Parameters(paramLabel = "MANIFEST", index = "1..*", arity = "1..*")
    private List<String> manifests;

    public CreateManifestListCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        String created = session.daemon()
                .manifestLists()
                .create(CreateManifestListRequest.newBuilder()
                        .setList(list)
                        .addAllManifests(manifests)
                        .setAmend(amend)
                        .addAllLogins(
                                new StoredLogins(session.console()).forReferences(manifests.toArray(String[]::new)))
                        .build())
                .getList();
        session.console().out().println("Created manifest list " + created);
        return ExitStatus.SUCCESS;
    }
}
