package dev.wherry.cli.command.image;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.login.StoredLogins;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.PushDisplay;
import dev.wherry.cli.view.ReceivedSignals;
import dev.wherry.v1.PushEvent;
import dev.wherry.v1.PushRequest;
import dev.wherry.v1.PushResult;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
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
        PushRequest request = PushRequest.newBuilder()
                .setReference(name)
                .setPlatform(platform)
                .setAllTags(all)
                .addAllLogins(new StoredLogins(session.console()).forReference(name))
                .build();
        BlockingClientCall<?, PushEvent> call = session.daemon().imageStreams().push(request);
        ReceivedSignals.onInterrupt(() -> call.cancel("interrupted", null));
        try (PushDisplay progress = quiet ? null : PushDisplay.on(session.console())) {
            if (progress != null && !all && !tagged) {
                progress.message("Using default tag: latest");
            }
            for (PushEvent event = call.read(); event != null; event = call.read()) {
                if (progress != null) {
                    progress.show(event);
                }
                if (event.hasResult()) {
                    report(event.getResult());
                }
            }
        } catch (StatusException | InterruptedException e) {
            throw CallFailures.of(e, session.address());
        } finally {
            call.cancel("ended", null);
        }
        return ExitStatus.SUCCESS;
    }

    /** As docker prints it; quietly the reference alone. */
    private void report(PushResult result) {
        ImageName pushed = ImageName.of(result.getReference());
        session.console()
                .out()
                .println(
                        quiet
                                ? result.getReference()
                                : pushed.tag() + ": digest: " + result.getDigest() + " size: " + result.getSizeBytes());
    }
}
