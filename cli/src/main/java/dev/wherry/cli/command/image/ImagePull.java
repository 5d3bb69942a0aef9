package dev.wherry.cli.command.image;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.login.StoredLogins;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.PullDisplay;
import dev.wherry.cli.view.ReceivedSignals;
import dev.wherry.v1.PullEvent;
import dev.wherry.v1.PullRequest;
import dev.wherry.v1.PullResult;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Pulls an image and shows the progress on standard error. */
public final class ImagePull {
    private ImagePull() {}

    /**
     * Pulls, and returns when the image is in the store.
     *
     * @throws Failure when it cannot be pulled
     */
    public static PullResult run(Session session, String reference, String platform, boolean quiet) {
        List<PullResult> results =
                run(session, request(session, reference, platform).build(), quiet, _ -> {});
        return results.getLast();
    }

    /** A request with the login for the registry. */
    static PullRequest.Builder request(Session session, String reference, String platform) {
        return PullRequest.newBuilder()
                .setReference(reference)
                .setPlatform(platform)
                .addAllLogins(new StoredLogins(session.console()).forReference(reference));
    }

    /**
     * Pulls, and returns when all images are in the store.
     *
     * @param each told of each image when it is there
     * @throws Failure when one cannot be pulled
     */
    static List<PullResult> run(Session session, PullRequest request, boolean quiet, Consumer<PullResult> each) {
        BlockingClientCall<?, PullEvent> call = session.daemon().imageStreams().pull(request);
        ReceivedSignals.onInterrupt(() -> call.cancel("interrupted", null));
        List<PullResult> results = new ArrayList<>();
        try (PullDisplay progress = quiet ? null : PullDisplay.on(session.console())) {
            for (PullEvent event = call.read(); event != null; event = call.read()) {
                if (progress != null) {
                    progress.show(event);
                }
                if (event.hasResult()) {
                    results.add(event.getResult());
                    each.accept(event.getResult());
                }
            }
        } catch (StatusException | InterruptedException e) {
            throw CallFailures.of(e, session.address());
        } finally {
            call.cancel("ended", null);
        }
        if (results.isEmpty()) {
            throw new Failure("wherryd ended the pull without a result");
        }
        return results;
    }

    /** Prints the digest and whether anything was new. */
    public static void report(PullResult result, PrintStream out) {
        ImageName name = ImageName.of(result.getReference());
        String shown = name.tag().equals(ImageName.NONE) ? result.getReference() : name.repository() + ":" + name.tag();
        out.println("Digest: " + result.getDigest());
        out.println("Status: " + (result.getUpToDate() ? "Image is up to date for " : "Downloaded newer image for ")
                + shown);
    }
}
