package dev.wherry.cli.command.container;

import dev.wherry.cli.command.EachArgument;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.v1.RestartContainerRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry restart}. */
@Command
public final class RestartCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-t", "--timeout", "--time"},
            paramLabel = "SECONDS",
            description = "Time to end before it is killed; default: 10")
    private Integer timeout;

    @Option(
            names = {"-s", "--signal"},
            paramLabel = "SIGNAL",
            description = "Signal that asks it to end")
    private String signal = "";

    @Parameters(paramLabel = "CONTAINER", arity = "1..*")
    private List<String> containers;

    public RestartCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        return EachArgument.of(session, containers, container -> {
            RestartContainerRequest.Builder request =
                    RestartContainerRequest.newBuilder().setContainer(container).setSignal(signal);
            if (timeout != null) {
                request.setTimeoutSeconds(timeout);
            }
            session.daemon().containers().restart(request.build());
            return List.of(container);
        });
    }
}
