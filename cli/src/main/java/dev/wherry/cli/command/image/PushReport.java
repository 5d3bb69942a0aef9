package dev.wherry.cli.command.image;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.PushDisplay;
import dev.wherry.cli.view.ReceivedSignals;
import dev.wherry.v1.PushEvent;
import dev.wherry.v1.PushResult;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.function.Consumer;

/**
 * Shows how images travel to a registry: the progress on standard error, the results on standard output.
 *
 * @param quiet show no progress
 * @param results told of each result
 */
record PushReport(Session session, boolean quiet, Consumer<PushResult> results) {
    /** Prints results as docker does; quietly the references alone. */
    PushReport(Session session, boolean quiet) {
        this(session, quiet, result -> {
            ImageName pushed = ImageName.of(result.getReference());
            session.console()
                    .out()
                    .println(
                            quiet
                                    ? result.getReference()
                                    : pushed.tag() + ": digest: " + result.getDigest() + " size: "
                                            + result.getSizeBytes());
        });
    }

    /**
     * Shows the events of a call until it ends.
     *
     * @param first a line to show first; empty for none
     * @throws Failure when the call fails
     */
    void show(String first, BlockingClientCall<?, PushEvent> call) {
        ReceivedSignals.onInterrupt(() -> call.cancel("interrupted", null));
        try (PushDisplay progress = quiet ? null : PushDisplay.on(session.console())) {
            if (progress != null && !first.isEmpty()) {
                progress.message(first);
            }
            for (PushEvent event = call.read(); event != null; event = call.read()) {
                if (progress != null) {
                    progress.show(event);
                }
                if (event.hasResult()) {
                    results.accept(event.getResult());
                }
            }
        } catch (StatusException | InterruptedException e) {
            throw CallFailures.of(e, session.address());
        } finally {
            call.cancel("ended", null);
        }
    }
}
