package dev.wherry.cli.command.container;

import dev.wherry.cli.client.Attachment;
import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.view.Console;
import dev.wherry.cli.view.Failure;
import dev.wherry.cli.view.Signals;
import dev.wherry.cli.view.Terminal;
import dev.wherry.v1.RemoveContainerRequest;
import dev.wherry.v1.StartContainerRequest;
import dev.wherry.v1.WaitContainerRequest;
import dev.wherry.v1.WaitContainerRequest.Condition;
import dev.wherry.v1.WaitContainerResponse;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * A container in the foreground: its streams are those of this process, signals go on to it, and its exit code is
 * returned. The streams are joined and the wait for its removal has begun before it starts, so that not even the
 * shortest life is missed.
 */
final class Foreground {
    private static final List<String> FORWARDED = List.of("INT", "TERM", "HUP", "QUIT", "USR1", "USR2");

    private final Session session;
    private final String container;
    private final boolean interactive;
    private final boolean tty;
    private final boolean remove;

    Foreground(Session session, String container, boolean interactive, boolean tty, boolean remove) {
        this.session = session;
        this.container = container;
        this.interactive = interactive;
        this.tty = tty;
        this.remove = remove;
    }

    /**
     * Refuses to give a container a terminal when there is none here.
     *
     * @throws Failure when there is none
     */
    static void checkInput(Console console, boolean interactive, boolean tty) {
        if (interactive && tty && !console.inIsTerminal()) {
            throw new Failure("the input device is not a TTY", 1);
        }
    }

    /** Starts a container; one that was to be removed after its end is removed when it has no beginning. */
    static void start(Session session, String container, boolean remove) {
        try {
            session.daemon()
                    .containers()
                    .start(StartContainerRequest.newBuilder()
                            .setContainer(container)
                            .build());
        } catch (StatusRuntimeException e) {
            if (remove) {
                removeQuietly(session, container);
            }
            throw e;
        }
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
            // Gone already, or the error that is being reported is the reason for this one too.
        }
    }

    /** Runs the created container to its end and returns its exit code. */
    int run() {
        return run(true);
    }

    /** Joins a container that runs already. */
    int join() {
        return run(false);
    }

    private int run(boolean starts) {
        try (Attachment attachment = Attachment.to(session.daemon(), container, interactive)) {
            Future<WaitContainerResponse> removed = remove && starts ? waiting(Condition.CONDITION_REMOVED) : null;
            if (!tty) {
                FORWARDED.forEach(name -> Signals.on(name, () -> attachment.signal("SIG" + name)));
            }
            boolean ended = tty && session.console().inIsTerminal() && interactive
                    ? pumpTerminal(attachment, starts)
                    : pump(attachment, starts);
            if (!ended) {
                session.console().err().println("read escape sequence");
                return 0;
            }
            return exitCode(removed != null ? removed : waiting(Condition.CONDITION_UNSPECIFIED));
        }
    }

    private boolean pumpTerminal(Attachment attachment, boolean starts) {
        Terminal.Size size = Terminal.size();
        try (Terminal _ = Terminal.raw()) {
            if (!starts) {
                // Programs draw again when their window changes, and only then: let it change in any case.
                attachment.resize(new Terminal.Size(size.columns() + 1, size.rows() + 1));
            }
            attachment.resize(size);
            Signals.onResize(() -> attachment.resize(Terminal.size()));
            return pump(attachment, starts);
        }
    }

    private boolean pump(Attachment attachment, boolean starts) {
        if (starts) {
            start(session, container, remove);
        }
        if (interactive) {
            attachment.sendInput(session.console().in(), tty);
        }
        return attachment.copyTo(session.console().out(), session.console().err());
    }

    private Future<WaitContainerResponse> waiting(Condition condition) {
        return session.daemon()
                .containerFutures()
                .wait(WaitContainerRequest.newBuilder()
                        .setContainer(container)
                        .setCondition(condition)
                        .build());
    }

    private int exitCode(Future<WaitContainerResponse> waiting) {
        try {
            WaitContainerResponse response = waiting.get();
            if (!response.getError().isEmpty()) {
                session.console().error(response.getError());
            }
            return response.getExitCode();
        } catch (ExecutionException e) {
            throw CallFailures.of(e.getCause(), session.address());
        } catch (InterruptedException e) {
            throw CallFailures.of(e, session.address());
        }
    }
}
