package dev.wherry.cli.command.image;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.login.StoredLogins;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.CopyImageRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry image copy}. */
@Command
public final class CopyImageCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH",
            description = "Copy only the image for a platform, where there are several")
    private String platform = "";

    @Option(
            names = {"-q", "--quiet"},
            description = "Suppress verbose output")
    private boolean quiet;

    @Option(
            names = "--referrers",
            description = "Copy also what refers to the image in its registry, such as signatures")
    private boolean referrers;

    @Parameters(paramLabel = "SOURCE", index = "0")
    private String source;

    @Parameters(paramLabel = "TARGET", index = "1")
    private String target;

    public CopyImageCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        CopyImageRequest request = CopyImageRequest.newBuilder()
                .setSource(source)
                .setTarget(target)
                .setPlatform(platform)
                .setReferrers(referrers)
                .addAllLogins(new StoredLogins(session.console()).forReferences(source, target))
                .build();
        new PushReport(session, quiet).show("", session.daemon().imageStreams().copy(request));
        return ExitStatus.SUCCESS;
    }
}
