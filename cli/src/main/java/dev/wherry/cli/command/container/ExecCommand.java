package dev.wherry.cli.command.container;

import dev.wherry.cli.client.stream.DetachKeys;
import dev.wherry.cli.client.stream.ExecCall;
import dev.wherry.cli.client.stream.StreamCall;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.container.flags.EnvironmentFlags;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.ReceivedSignals;
import dev.wherry.cli.view.Terminal;
import dev.wherry.v1.ExecOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry exec}: its exit status is that of the executed command. */
@Command
public final class ExecCommand implements Callable<ExitStatus> {
    private static final List<String> FORWARDED = List.of("TERM", "HUP", "QUIT", "USR1", "USR2");

    private final Session session;

    @Option(
            names = {"-d", "--detach"},
            description = "Run the command in the background")
    private boolean detach;

    @Option(
            names = {"-i", "--interactive"},
            description = "Keep standard input open")
    private boolean interactive;

    @Option(
            names = {"-t", "--tty"},
            description = "Allocate a pseudo-TTY")
    private boolean tty;

    @Mixin
    private EnvironmentFlags environment = new EnvironmentFlags();

    @Option(
            names = {"-w", "--workdir"},
            paramLabel = "DIR",
            description = "Working directory inside the container")
    private String workingDir = "";

    @Option(
            names = {"-u", "--user"},
            paramLabel = "USER[:GROUP]",
            description = "Username or UID, with an optional group")
    private String user = "";

    @Option(names = "--privileged", description = "Give extended privileges to the command")
    private boolean privileged;

    @Option(
            names = "--detach-keys",
            paramLabel = "KEYS",
            description = "Override the key sequence for detaching from the command, such as ctrl-p,ctrl-q")
    private String keys = "";

    @Parameters(index = "0", paramLabel = "CONTAINER")
    private String container;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "ARG")
    private List<String> args = new ArrayList<>();

    public ExecCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        DetachKeys leave = DetachKeys.parse(keys);
        if (!detach) {
            Foreground.checkInput(session.console(), interactive, tty);
        }
        boolean raw = tty && interactive && !detach && session.console().inIsTerminal();
        ExecOptions options = options(raw);
        if (detach) {
            ExecCall.start(session.daemon(), options).close();
            return ExitStatus.SUCCESS;
        }
        if (raw) {
            try (Terminal _ = Terminal.raw()) {
                return run(options, Optional.of(leave), true);
            }
        }
        return run(options, tty ? Optional.of(leave) : Optional.empty(), false);
    }

    private ExecOptions options(boolean window) {
        ExecOptions.Builder options = ExecOptions.newBuilder()
                .setContainer(container)
                .addAllArgs(args)
                .addAllEnv(environment.variables(session.console().environment()))
                .setWorkingDir(workingDir)
                .setUser(user)
                .setTty(tty)
                .setStdin(interactive)
                .setDetach(detach)
                .setPrivileged(privileged);
        if (window) {
            Terminal.Size size = Terminal.size();
            options.setWindow(StreamCall.window(size.columns(), size.rows()));
        }
        return options.build();
    }

    private ExitStatus run(ExecOptions options, Optional<DetachKeys> leave, boolean raw) {
        try (ExecCall call = ExecCall.start(session.daemon(), options)) {
            if (raw) {
                ReceivedSignals.onResize(() -> resize(call, Terminal.size()));
            } else {
                passSignals(call);
            }
            if (interactive) {
                call.sendInput(session.console().in(), leave);
            }
            if (!call.copyTo(session.console().out(), session.console().err())) {
                session.console().err().println("read escape sequence");
            }
            return new ExitStatus(call.exitCode());
        }
    }

    private static void resize(ExecCall call, Terminal.Size size) {
        call.resize(size.columns(), size.rows());
    }

    /** The first interrupt is forwarded to the command; the second ends this process. */
    private static void passSignals(ExecCall call) {
        AtomicBoolean interrupted = new AtomicBoolean();
        ReceivedSignals.on("INT", () -> {
            if (interrupted.getAndSet(true) || !call.signal("SIGINT")) {
                System.exit(ExitStatus.INTERRUPTED.code());
            }
        });
        FORWARDED.forEach(name -> ReceivedSignals.on(name, () -> call.signal("SIG" + name)));
    }
}
