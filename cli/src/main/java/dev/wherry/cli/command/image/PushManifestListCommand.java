package dev.wherry.cli.command.image;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.login.StoredLogins;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.InspectManifestListRequest;
import dev.wherry.v1.ListedManifest;
import dev.wherry.v1.PushManifestListRequest;
import dev.wherry.v1.PushResult;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry manifest push}. */
@Command
public final class PushManifestListCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-p", "--purge"},
            description = "Remove the local manifest list after push")
    private boolean purge;

    @Option(names = "--insecure", description = "Allowed for docker's sake; the daemon's configuration decides")
    private boolean insecure;

    @Parameters(paramLabel = "MANIFEST_LIST", index = "0")
    private String list;

    public PushManifestListCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        Stream<String> manifests = session
                .daemon()
                .manifestLists()
                .inspect(InspectManifestListRequest.newBuilder().setList(list).build())
                .getManifestsList()
                .stream()
                .map(ListedManifest::getReference);
        PushManifestListRequest request = PushManifestListRequest.newBuilder()
                .setList(list)
                .setPurge(purge)
                .addAllLogins(new StoredLogins(session.console())
                        .forReferences(Stream.concat(Stream.of(list), manifests).toArray(String[]::new)))
                .build();
        new PushReport(session, false, this::report)
                .show("", session.daemon().manifestListStreams().push(request));
        return ExitStatus.SUCCESS;
    }

    /** As docker prints it: a line for each manifest that came from elsewhere, then the digest of the list. */
    private void report(PushResult result) {
        boolean part = result.getReference().contains("@");
        session.console()
                .out()
                .println(
                        part
                                ? "Pushed ref " + result.getReference() + " with digest: " + result.getDigest()
                                : result.getDigest());
    }
}
