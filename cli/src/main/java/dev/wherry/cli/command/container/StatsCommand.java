package dev.wherry.cli.command.container;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.Listing;
import dev.wherry.cli.view.LiveTable;
import dev.wherry.cli.view.ReceivedSignals;
import dev.wherry.v1.StatsRequest;
import dev.wherry.v1.StatsResponse;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry stats}. */
@Command
public final class StatsCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(
            names = {"-a", "--all"},
            description = "Show all containers (default shows just running)")
    private boolean all;

    @Option(names = "--no-stream", description = "Disable streaming stats and only pull the first result")
    private boolean once;

    @Option(names = "--no-trunc", description = "Don't truncate output")
    private boolean whole;

    @Option(
            names = "--format",
            paramLabel = "TEMPLATE",
            description = "Format output with 'table', 'json' or a Go template for each container")
    private String format;

    @Parameters(paramLabel = "CONTAINER", arity = "0..*")
    private List<String> containers = new ArrayList<>();

    public StatsCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        StatsRequest request = StatsRequest.newBuilder()
                .addAllContainers(containers)
                .setAll(all)
                .setOnce(once)
                .build();
        BlockingClientCall<?, StatsResponse> call =
                session.daemon().containerStreams().stats(request);
        if (!once) {
            ReceivedSignals.onInterrupt(() -> call.cancel("interrupted", null));
        }
        boolean live = !once && session.console().outIsTerminal();
        try (LiveTable table = live ? new LiveTable(session.console().out()) : null) {
            for (StatsResponse response = call.read(); response != null; response = call.read()) {
                String text = text(response);
                if (table != null) {
                    table.draw(text);
                } else {
                    session.console().out().print(text);
                    session.console().out().flush();
                    if (session.console().out().checkError()) {
                        // Nobody reads any more, as after "| head".
                        return ExitStatus.SUCCESS;
                    }
                }
            }
            return ExitStatus.SUCCESS;
        } catch (StatusException | InterruptedException e) {
            throw CallFailures.of(e, session.address());
        } finally {
            call.cancel("ended", null);
        }
    }

    private String text(StatsResponse response) {
        return new Listing(StatsRow.HEADERS, StatsRow.COLUMNS)
                .show(
                        response.getContainersList().stream()
                                .map(container -> StatsRow.of(container, whole))
                                .toList(),
                        format);
    }
}
