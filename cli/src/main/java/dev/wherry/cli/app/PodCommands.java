package dev.wherry.cli.app;

import static dev.wherry.cli.app.ArgumentKind.POD;

import dev.wherry.cli.command.pod.InspectPodCommand;
import dev.wherry.cli.command.pod.ListPodsCommand;
import dev.wherry.cli.command.pod.PodLogsCommand;
import dev.wherry.cli.command.pod.PodStatsCommand;

/** Descriptors of the commands that show pods. */
final class PodCommands {
    static final CommandDescriptor LIST = CommandDescriptor.of(
                    ListPodsCommand::new,
                    "List pods",
                    "[OPTIONS]",
                    "wherry pod ls",
                    "wherry pod ls -q --filter namespace=kube-system",
                    "wherry pod ls --format '{{.Namespace}}/{{.Name}}: {{.Status}}'")
            .details("The column CONTAINERS has how many run, and how many there are.");

    static final CommandDescriptor INSPECT = CommandDescriptor.of(
                    InspectPodCommand::new,
                    "Display detailed information on one or more pods",
                    "[OPTIONS] POD [POD...]",
                    "wherry pod inspect default/web",
                    "wherry pod inspect -f '{{range .Containers}}{{.Name}} {{end}}' default/web")
            .details("A pod is named by its ID, the beginning of it, or NAMESPACE/NAME.")
            .completes(POD);

    static final CommandDescriptor LOGS = CommandDescriptor.of(
                    PodLogsCommand::new,
                    "Fetch the logs of a container of a pod",
                    "[OPTIONS] POD [CONTAINER]",
                    "wherry pod logs -f default/web",
                    "wherry pod logs --tail 20 default/web server")
            .details("A pod is named by its ID, the beginning of it, or NAMESPACE/NAME. Where all containers of the pod"
                    + " have the same name, it may be left out; of those with the same name, the newest is meant.")
            .completes(POD);

    static final CommandDescriptor STATS = CommandDescriptor.of(
                    PodStatsCommand::new,
                    "Display a live stream of the resource usage of pods",
                    "[OPTIONS] [POD...]",
                    "wherry pod stats",
                    "wherry pod stats --no-stream --format '{{.Name}} {{.MemUsage}}' default/web")
            .details(
                    "Without a name, all pods that are ready are shown. The figures of a pod are the sum of those of its"
                            + " containers.")
            .completes(POD);

    private PodCommands() {}
}
