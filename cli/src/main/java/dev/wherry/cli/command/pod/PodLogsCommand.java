package dev.wherry.cli.command.pod;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.container.ShownLog;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.PodContainer;
import dev.wherry.v1.PodSummary;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code wherry pod logs}. */
@Command
public final class PodLogsCommand implements Callable<ExitStatus> {
    private final Session session;

    @Mixin
    private ShownLog log = new ShownLog();

    @Parameters(paramLabel = "POD", index = "0")
    private String pod;

    @Parameters(paramLabel = "CONTAINER", index = "1", arity = "0..1")
    private String container;

    public PodLogsCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() throws IOException {
        PodSummary summary = InspectPodCommand.inspect(session, pod).getSummary();
        return log.print(session, chosen(summary).getId());
    }

    /** Of several with the same name, the newest: the others are left of earlier attempts. */
    private PodContainer chosen(PodSummary summary) {
        List<String> names = summary.getContainersList().stream()
                .map(PodContainer::getName)
                .distinct()
                .sorted()
                .toList();
        if (names.isEmpty()) {
            throw new Failure("pod logs: " + pod + " has no containers");
        }
        if (container == null && names.size() > 1) {
            throw new Failure(
                    "pod logs: " + pod + " has several containers: name one of them: " + String.join(", ", names));
        }
        String wanted = container == null ? names.getFirst() : container;
        return summary.getContainersList().stream()
                .filter(candidate -> candidate.getName().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new Failure("pod logs: " + pod + " has no container '" + wanted
                        + "': name one of them: " + String.join(", ", names)));
    }
}
