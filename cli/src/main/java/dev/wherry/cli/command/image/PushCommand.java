package dev.wherry.cli.command.image;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.login.StoredLogins;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.PushRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry push}. */
@Command
public final class PushCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-a", "--all-tags"},
            description = "Push all tags of an image to the repository")
    private boolean all;

    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH",
            description = "Push a platform-specific manifest as a single-platform image to the registry")
    private String platform = "";

    @Option(
            names = {"-q", "--quiet"},
            description = "Suppress verbose output")
    private boolean quiet;

    @Option(
            names = "--referrers",
            description = "Copy also what refers to the image, such as signatures, from where it was pulled")
    private boolean referrers;

    @Parameters(paramLabel = "NAME", index = "0")
    private String name;

    public PushCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        boolean tagged = ImageName.withTag(name).equals(name);
        if (all && tagged) {
            throw new Failure("tag can't be used with --all-tags/-a");
        }
        if (all && referrers) {
            throw new Failure("--referrers can't be used with --all-tags/-a");
        }
        PushRequest request = PushRequest.newBuilder()
                .setReference(name)
                .setPlatform(platform)
                .setAllTags(all)
                .setReferrers(referrers)
                .addAllLogins(
                        referrers
                                ? RepositoryLogins.of(session, name)
                                : new StoredLogins(session.console()).forReference(name))
                .build();
        new PushReport(session, quiet)
                .show(
                        !all && !tagged ? "Using default tag: latest" : "",
                        session.daemon().imageStreams().push(request));
        return ExitStatus.SUCCESS;
    }
}
