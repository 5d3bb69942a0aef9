package dev.wherry.cli.command.image;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.PullRequest;
import dev.wherry.v1.PullResult;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry pull}. */
@Command
public final class PullCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-q", "--quiet"},
            description = "Suppress verbose output")
    private boolean quiet;

    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH[,…]",
            description = "Platforms of the image to pull (default: the one that runs best on the daemon's host)")
    private List<String> platforms = new ArrayList<>();

    @Option(
            names = {"-a", "--all-tags"},
            description = "Download all tagged images in the repository")
    private boolean all;

    @Parameters(paramLabel = "NAME", index = "0")
    private String name;

    public PullCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        if (all && !ImageName.withTag(name).equals(name + ":latest")) {
            throw new Failure("tag can't be used with --all-tags/-a");
        }
        PullRequest request = ImagePull.request(session, name, String.join(",", platforms))
                .setAllTags(all)
                .build();
        PrintStream out = session.console().out();
        List<PullResult> results = ImagePull.run(session, request, quiet, result -> {
            if (!quiet) {
                ImagePull.report(result, out);
            }
            if (!all) {
                out.println(result.getReference());
            }
        });
        if (all) {
            out.println(ImageName.of(results.getLast().getReference()).repository());
        }
        return ExitStatus.SUCCESS;
    }
}
