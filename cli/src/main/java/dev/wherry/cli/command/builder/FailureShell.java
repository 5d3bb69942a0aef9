package dev.wherry.cli.command.builder;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.builds.BuildDisplay;
import dev.wherry.v1.ShellOffer;
import dev.wherry.v1.StepShellOptions;

/**
 * The shell that a failed step of a build offers. It has the terminal while the events of the build go on: a program in
 * the shell may ask for the user's SSH agent. Closing waits until the terminal is free again.
 */
final class FailureShell implements AutoCloseable {
    private final Session session;
    private final BuildDisplay display;
    private Thread thread;

    FailureShell(Session session, BuildDisplay display) {
        this.session = session;
        this.display = display;
    }

    /** Opens the shell, and returns at once. */
    void open(ShellOffer offer) {
        display.pause(offer);
        thread = Thread.ofPlatform().name("shell").start(() -> run(offer));
    }

    private void run(ShellOffer offer) {
        try {
            StepShell.run(session, StepShellOptions.newBuilder().setOffer(offer.getId()));
        } catch (Failure refused) {
            // The build fails all the same, and says what it has to say.
            session.console().error(refused.getMessage());
        } finally {
            display.resume();
        }
    }

    @Override
    public void close() {
        boolean interrupted = false;
        while (thread != null && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
