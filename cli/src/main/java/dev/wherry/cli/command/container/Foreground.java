package dev.wherry.cli.command.container;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.Restarting;
import dev.wherry.cli.client.stream.AttachCall;
import dev.wherry.cli.client.stream.DetachKeys;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.container.flags.ForegroundFlags;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Console;
import dev.wherry.cli.view.ReceivedSignals;
import dev.wherry.cli.view.Terminal;
import dev.wherry.v1.ContainerExit;
import dev.wherry.v1.RemoveContainerRequest;
import dev.wherry.v1.StartContainerRequest;
import io.grpc.StatusRuntimeException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A container in the foreground: its streams are attached to those of this process, signals are forwarded to it, and its
 * exit status is returned. The attachment is made before the container starts and reports the exit of its run, so that
 * neither output nor exit code is missed, however short the run, and even if the container is removed at its exit.
 */
final class Foreground {
    /**
     * The streams and signals that are attached.
     *
     * @param tty whether the container has a terminal
     * @param keys the keys that detach, if the container has a terminal
     * @param signals whether signals are forwarded to the container
     */
    record Part(boolean stdin, boolean stdout, boolean stderr, boolean tty, DetachKeys keys, boolean signals) {
        /** All output, and standard input if asked for. */
        static Part of(boolean stdin, boolean tty, ForegroundFlags flags) {
            return new Part(stdin, true, true, tty, flags.detachKeys(), flags.passesSignals());
        }
    }

    private static final List<String> FORWARDED = List.of("INT", "TERM", "HUP", "QUIT", "USR1", "USR2", "ALRM", "CONT");
    /** The signals that end this process when the container can no longer receive them. */
    private static final List<String> ENDING = List.of("INT", "TERM", "HUP");

    private final Session session;
    private final String container;
    private final Part part;
    private final boolean remove;
    private boolean started;

    Foreground(Session session, String container, Part part, boolean remove) {
        this.session = session;
        this.container = container;
        this.part = part;
        this.remove = remove;
    }

    /**
     * Checks that standard input is a terminal if a terminal is to be attached.
     *
     * @throws Failure if it is not
     */
    static void checkInput(Console console, boolean interactive, boolean tty) {
        if (interactive && tty && !console.inIsTerminal()) {
            throw new Failure("the input device is not a TTY", ExitStatus.FAILURE);
        }
    }

    /**
     * Starts a container; if it cannot be started and was to be removed after its exit, removes it. A daemon that is
     * being restarted is waited for.
     */
    static void start(Session session, String container, boolean remove) {
        starting(session, container, remove, () -> false, () -> {
            startNow(session, container);
            return container;
        });
    }

    /**
     * Tries to start a created container, again and again while the daemon is being restarted.
     *
     * @param started whether the container was started, although the attempt failed afterwards
     */
    private static <T> T starting(
            Session session, String container, boolean remove, BooleanSupplier started, Supplier<T> attempt) {
        Restarting restarting = new Restarting();
        while (true) {
            try {
                return attempt.get();
            } catch (StatusRuntimeException | Failure e) {
                if (started.getAsBoolean() || !restarting.repeats(e)) {
                    if (!started.getAsBoolean() && remove) {
                        removeQuietly(session, container);
                    }
                    throw e;
                }
            }
        }
    }

    private static void startNow(Session session, String container) {
        session.daemon()
                .containers()
                .start(StartContainerRequest.newBuilder()
                        .setContainer(container)
                        .build());
    }

    private static void removeQuietly(Session session, String container) {
        try {
            session.daemon()
                    .containers()
                    .remove(RemoveContainerRequest.newBuilder()
                            .setContainer(container)
                            .setForce(true)
                            .build());
        } catch (StatusRuntimeException e) {
            // The container is gone, or the error that is being reported is the reason for this one too.
        }
    }

    /** Starts the created container and returns its exit status when it has exited. */
    ExitStatus run() {
        return starting(() -> run(true));
    }

    /** Attaches to a running container. */
    ExitStatus join() {
        return run(false);
    }

    /** Attaches and starts; both again if the daemon is being restarted and the container has not been started. */
    private ExitStatus starting(Supplier<ExitStatus> attempt) {
        return starting(session, container, remove, () -> started, attempt);
    }

    private void start() {
        startNow(session, container);
        started = true;
    }

    private ExitStatus run(boolean starts) {
        try (AttachCall attachment = AttachCall.to(session.daemon(), container, part.stdin())) {
            if (part.signals()) {
                FORWARDED.forEach(name -> ReceivedSignals.on(name, () -> passOn(name, attachment)));
            }
            boolean ended = part.tty() && session.console().inIsTerminal() && part.stdin()
                    ? pumpTerminal(attachment, starts)
                    : pump(attachment, starts);
            if (!ended) {
                session.console().err().println("read escape sequence");
                return ExitStatus.SUCCESS;
            }
            ContainerExit exit = attachment.exit();
            if (!exit.getError().isEmpty()) {
                session.console().error(exit.getError());
            }
            return new ExitStatus(exit.getCode());
        }
    }

    private boolean pumpTerminal(AttachCall attachment, boolean starts) {
        Terminal.Size size = Terminal.size();
        try (Terminal _ = Terminal.raw()) {
            if (!starts) {
                // Programs redraw only when their window changes: change it in any case.
                attachment.resize(size.columns() + 1, size.rows() + 1);
            }
            attachment.resize(size.columns(), size.rows());
            ReceivedSignals.onResize(() -> {
                Terminal.Size now = Terminal.size();
                attachment.resize(now.columns(), now.rows());
            });
            return pump(attachment, starts);
        }
    }

    private boolean pump(AttachCall attachment, boolean starts) {
        if (starts) {
            start();
        }
        if (part.stdin()) {
            attachment.sendInput(session.console().in(), part.tty() ? Optional.of(part.keys()) : Optional.empty());
        }
        return attachment.copyTo(
                part.stdout() ? session.console().out() : OutputStream.nullOutputStream(),
                part.stderr() ? session.console().err() : OutputStream.nullOutputStream());
    }

    private static void passOn(String signal, AttachCall attachment) {
        if (!attachment.signal("SIG" + signal) && ENDING.contains(signal)) {
            System.exit(ExitStatus.INTERRUPTED.code());
        }
    }

    /** Starts the created container, sends all of standard input to it, and does not wait for its exit. */
    ExitStatus feed() {
        return starting(this::feedNow);
    }

    private ExitStatus feedNow() {
        try (AttachCall attachment = AttachCall.to(session.daemon(), container, true)) {
            start();
            session.console().out().println(container);
            attachment.sendInput(session.console().in(), Optional.empty()).join();
            return ExitStatus.SUCCESS;
        } catch (InterruptedException e) {
            throw CallFailures.of(e, session.address());
        }
    }
}
