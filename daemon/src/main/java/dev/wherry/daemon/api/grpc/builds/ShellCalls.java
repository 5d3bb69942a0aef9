package dev.wherry.daemon.api.grpc.builds;

import dev.wherry.daemon.api.grpc.OutputSender;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.api.server.CallRunner.Lasts;
import dev.wherry.daemon.api.server.RequestQueue;
import dev.wherry.daemon.api.server.ResponseSender;
import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.builder.run.PastStepShells;
import dev.wherry.daemon.builder.shell.OfferedShell;
import dev.wherry.daemon.builder.shell.ShellTerminal;
import dev.wherry.daemon.builder.shell.StepShells;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.v1.PastStep;
import dev.wherry.v1.StepShellOptions;
import dev.wherry.v1.StepShellRequest;
import dev.wherry.v1.StepShellResponse;
import dev.wherry.v1.StepShellStarted;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Shells in the state of build steps, over the API: the thread of the call runs the shell. */
@Singleton
final class ShellCalls {

    private final CallRunner calls;
    private final StepShells shells;
    private final PastStepShells pastShells;

    ShellCalls(CallRunner calls, StepShells shells, PastStepShells pastShells) {
        this.calls = calls;
        this.shells = shells;
        this.pastShells = pastShells;
    }

    Multi<StepShellResponse> shell(Multi<StepShellRequest> requests) {
        return calls.converse(Lasts.WATCH, requests, (in, out) -> {
            StepShellOptions options = in.next()
                    .filter(StepShellRequest::hasOptions)
                    .orElseThrow(() -> new InvalidInputException("a shell begins with its options"))
                    .getOptions();
            try (ShellTerminal terminal = new ShellTerminal(
                    options.getWindow().getColumns(), options.getWindow().getRows())) {
                converse(options, terminal, in, out);
            }
        });
    }

    private void converse(
            StepShellOptions options,
            ShellTerminal terminal,
            RequestQueue<StepShellRequest> in,
            ResponseSender<StepShellResponse> out)
            throws InterruptedException {
        Thread input = Background.start("shell-input", () -> takeInput(in, terminal));
        Thread output = Background.start("shell-output", () -> show(terminal, out));
        try {
            int exitCode = run(options, terminal, out);
            output.join();
            out.send(StepShellResponse.newBuilder().setExitCode(exitCode).build());
        } finally {
            input.interrupt();
            output.interrupt();
        }
    }

    private int run(StepShellOptions options, ShellTerminal terminal, ResponseSender<StepShellResponse> out)
            throws InterruptedException {
        switch (options.getStateCase()) {
            case OFFER -> {
                OfferedShell shell = shells.get(options.getOffer());
                started("", out);
                return shell.run(terminal);
            }
            case PAST -> {
                PastStep past = options.getPast();
                return pastShells.run(
                        past.getBuild(), past.getStep(), past.getBefore(), title -> started(title, out), terminal);
            }
            default -> throw new InvalidInputException("name the step that the shell is to be opened in");
        }
    }

    private static void started(String title, ResponseSender<StepShellResponse> out) throws InterruptedException {
        out.send(StepShellResponse.newBuilder()
                .setStarted(StepShellStarted.newBuilder().setTitle(title))
                .build());
    }

    private static void show(ShellTerminal terminal, ResponseSender<StepShellResponse> out)
            throws InterruptedException {
        try {
            terminal.copyTo(new OutputSender<>(
                    out,
                    chunk -> StepShellResponse.newBuilder().setOutput(chunk).build(),
                    chunk -> StepShellResponse.newBuilder().setOutput(chunk).build()));
        } catch (RuntimeException gone) {
            // The client, which ends the call too.
        }
    }

    private static void takeInput(RequestQueue<StepShellRequest> in, ShellTerminal terminal) {
        try {
            for (Optional<StepShellRequest> next = in.next(); next.isPresent(); next = in.next()) {
                StepShellRequest request = next.get();
                switch (request.getRequestCase()) {
                    case INPUT -> terminal.type(request.getInput().toByteArray());
                    case RESIZE ->
                        terminal.resize(
                                request.getResize().getColumns(),
                                request.getResize().getRows());
                    case OPTIONS, REQUEST_NOT_SET -> {}
                }
            }
        } catch (InterruptedException | RuntimeException ended) {
            // The shell, or the client, has ended.
        }
    }
}
