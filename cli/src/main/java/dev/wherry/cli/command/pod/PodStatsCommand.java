package dev.wherry.cli.command.pod;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.container.stats.StatsDisplay;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.Listing;
import dev.wherry.v1.ContainerStats;
import dev.wherry.v1.ListPodsRequest;
import dev.wherry.v1.PodSummary;
import dev.wherry.v1.StatsRequest;
import dev.wherry.v1.StatsResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry pod stats}: what the containers use, as the sum for each pod. */
@Command
public final class PodStatsCommand implements Callable<ExitStatus> {
    private final Session session;

    @Option(names = "--no-stream", description = "Disable streaming stats and only pull the first result")
    private boolean once;

    @Option(names = "--no-trunc", description = "Don't truncate output")
    private boolean whole;

    @Option(
            names = "--format",
            paramLabel = "TEMPLATE",
            description = "Format output with 'table', 'json' or a Go template for each pod")
    private String format;

    @Parameters(paramLabel = "POD", arity = "0..*")
    private List<String> pods = new ArrayList<>();

    public PodStatsCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        Set<String> wanted = new HashSet<>();
        for (String pod : pods) {
            wanted.add(InspectPodCommand.inspect(session, pod).getSummary().getId());
        }
        // A kubelet replaces containers meanwhile: which are whose is asked with every response.
        return StatsDisplay.show(
                session, StatsRequest.newBuilder().setOnce(once).build(), response -> text(response, wanted));
    }

    private String text(StatsResponse response, Set<String> wanted) {
        Map<String, ContainerStats> running = response.getContainersList().stream()
                .collect(Collectors.toMap(ContainerStats::getId, Function.identity(), (first, _) -> first));
        List<PodSummary> known = session.daemon()
                .pods()
                .list(ListPodsRequest.getDefaultInstance())
                .getPodsList();
        return new Listing(PodStatsRow.HEADERS, PodStatsRow.COLUMNS)
                .show(
                        known.stream()
                                .filter(pod -> wanted.isEmpty()
                                        ? pod.getState().equals("ready")
                                        : wanted.contains(pod.getId()))
                                .map(pod -> PodStatsRow.of(pod, running, whole))
                                .toList(),
                        format);
    }
}
