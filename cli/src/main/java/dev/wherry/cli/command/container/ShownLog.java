package dev.wherry.cli.command.container;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.command.PointInTime;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.ReceivedSignals;
import dev.wherry.v1.LogsRequest;
import dev.wherry.v1.LogsResponse;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import picocli.CommandLine.Option;

/** Which part of a container's log is shown, and how: the flags of {@code logs}. */
public final class ShownLog {
    @Option(
            names = {"-f", "--follow"},
            description = "Follow log output")
    private boolean follow;

    @Option(
            names = {"-n", "--tail"},
            paramLabel = "N",
            description = "Number of lines to show from the end of the logs (default \"all\")")
    private String tail = "all";

    @Option(
            names = {"-t", "--timestamps"},
            description = "Show timestamps")
    private boolean timestamps;

    @Option(names = "--details", description = "Show extra details that --log-opt labels, env and tag add to the logs")
    private boolean details;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Show logs since a timestamp (2026-01-02T13:00:00Z) or relative time (10m)")
    private String since = "";

    @Option(names = "--until", paramLabel = "TIME", description = "Show logs before a timestamp or relative time")
    private String until = "";

    /**
     * Prints the log until it ends, or nobody reads any more.
     *
     * @param container its name, ID, or a unique prefix of the ID
     */
    public ExitStatus print(Session session, String container) throws IOException {
        LogsRequest.Builder request = LogsRequest.newBuilder()
                .setContainer(container)
                .setFollow(follow)
                .setTimestamps(timestamps)
                .setDetails(details)
                .setSinceNanos(PointInTime.nanos("--since", since, Instant.now()))
                .setUntilNanos(PointInTime.nanos("--until", until, Instant.now()));
        if (tail.matches("[0-9]{1,9}")) {
            request.setTail(Integer.parseInt(tail));
        } else if (!tail.equals("all")) {
            throw new Failure("logs: --tail must be a number or 'all'");
        }
        BlockingClientCall<?, LogsResponse> call =
                session.daemon().containerStreams().logs(request.build());
        ReceivedSignals.onInterrupt(() -> call.cancel("interrupted", null));
        try {
            for (LogsResponse response = call.read(); response != null; response = call.read()) {
                boolean error = response.hasStderr();
                PrintStream stream =
                        error ? session.console().err() : session.console().out();
                (error ? response.getStderr() : response.getStdout()).writeTo(stream);
                stream.flush();
                if (stream.checkError()) {
                    // Nobody reads any more, as after "| head".
                    return ExitStatus.SUCCESS;
                }
            }
            return ExitStatus.SUCCESS;
        } catch (StatusException | InterruptedException e) {
            throw CallFailures.of(e, session.address());
        } finally {
            call.cancel("ended", null);
        }
    }
}
