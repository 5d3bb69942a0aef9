package dev.wherry.cli.command.builder;

import dev.wherry.cli.client.stream.StepShellCall;
import dev.wherry.cli.client.stream.StreamCall;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Console;
import dev.wherry.cli.view.ReceivedSignals;
import dev.wherry.cli.view.Terminal;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.v1.StepShellOptions;
import java.util.Optional;

/** A shell in the state of a build step on the terminal of this process. */
final class StepShell {
    private StepShell() {}

    /**
     * Runs the shell to its end and returns its exit code.
     *
     * @param options say which step; the window is added
     * @throws Failure if there is no shell to run, or no terminal
     */
    static int run(Session session, StepShellOptions.Builder options) {
        Console console = session.console();
        Terminal.Size size = Terminal.size();
        options.setWindow(StreamCall.window(size.columns(), size.rows()));
        try (StepShellCall call = StepShellCall.open(session.daemon(), options.build())) {
            if (!call.title().isEmpty()) {
                console.err()
                        .println("This shell has the files " + TerminalText.oneLine(call.title())
                                + ". What it changes is lost when it ends.");
            }
            inRawMode(call, console);
            return call.exitCode();
        }
    }

    private static void inRawMode(StepShellCall call, Console console) {
        try (Terminal _ = Terminal.raw()) {
            ReceivedSignals.onResize(() -> {
                Terminal.Size now = Terminal.size();
                call.resize(now.columns(), now.rows());
            });
            call.sendInput(console.in(), Optional.empty());
            call.copyTo(console.outIsTerminal() ? console.out() : console.err(), console.err());
        }
    }
}
