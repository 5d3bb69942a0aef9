package dev.wherry.cli.app;

import static dev.wherry.cli.app.ArgumentKind.CONTAINER;
import static dev.wherry.cli.app.ArgumentKind.FILE;
import static dev.wherry.cli.app.ArgumentKind.IMAGE;
import static dev.wherry.cli.app.ArgumentKind.RUNNING;
import static dev.wherry.cli.app.ArgumentKind.STOPPED;

import dev.wherry.cli.command.container.AttachCommand;
import dev.wherry.cli.command.container.CommitCommand;
import dev.wherry.cli.command.container.CreateCommand;
import dev.wherry.cli.command.container.DiffCommand;
import dev.wherry.cli.command.container.ExecCommand;
import dev.wherry.cli.command.container.ExportCommand;
import dev.wherry.cli.command.container.InspectContainerCommand;
import dev.wherry.cli.command.container.KillCommand;
import dev.wherry.cli.command.container.ListContainersCommand;
import dev.wherry.cli.command.container.LogsCommand;
import dev.wherry.cli.command.container.PauseCommand;
import dev.wherry.cli.command.container.PortCommand;
import dev.wherry.cli.command.container.PortForwardCommand;
import dev.wherry.cli.command.container.PruneContainersCommand;
import dev.wherry.cli.command.container.RemoveContainersCommand;
import dev.wherry.cli.command.container.RenameCommand;
import dev.wherry.cli.command.container.RestartCommand;
import dev.wherry.cli.command.container.RunCommand;
import dev.wherry.cli.command.container.StartCommand;
import dev.wherry.cli.command.container.StopCommand;
import dev.wherry.cli.command.container.TopCommand;
import dev.wherry.cli.command.container.UnpauseCommand;
import dev.wherry.cli.command.container.UpdateCommand;
import dev.wherry.cli.command.container.WaitCommand;
import dev.wherry.cli.command.container.copy.CopyCommand;
import dev.wherry.cli.command.container.stats.StatsCommand;
import dev.wherry.cli.error.ExitStatus;

/** Descriptors of the commands that work on containers. */
final class ContainerCommands {
    private static final String UNSUPPORTED_BY_CREATE = """
            blkio-weight-device cpu-count cpu-percent cpu-rt-period cpu-rt-runtime disable-content-trust gpus
            io-maxbandwidth io-maxiops isolation kernel-memory link-local-ip storage-opt use-api-socket
            """;

    static final CommandDescriptor RUN = CommandDescriptor.of(
                    RunCommand::new,
                    "Create and run a new container from an image",
                    "[OPTIONS] IMAGE [COMMAND] [ARG...]",
                    "wherry run --rm app",
                    "wherry run -d --name web -p 3000:80 app",
                    "wherry run -it --rm node sh",
                    "wherry run -d -v data:/var/lib/postgresql/data postgres")
            .completes(IMAGE)
            .failsWith(ExitStatus.NOT_STARTED)
            .refuses(UNSUPPORTED_BY_CREATE)
            .flagsEndAtArgument();

    static final CommandDescriptor CREATE = CommandDescriptor.of(
                    CreateCommand::new,
                    "Create a new container",
                    "[OPTIONS] IMAGE [COMMAND] [ARG...]",
                    "wherry create --name web app",
                    "wherry start web")
            .details("The container is not started.")
            .completes(IMAGE)
            .refuses(UNSUPPORTED_BY_CREATE)
            .flagsEndAtArgument();

    static final CommandDescriptor EXEC = CommandDescriptor.of(
                    ExecCommand::new,
                    "Execute a command in a running container",
                    "[OPTIONS] CONTAINER COMMAND [ARG...]",
                    "wherry exec -it web sh",
                    "wherry exec -u postgres -w /var/lib db pg_dump app",
                    "wherry exec -d web touch /tmp/done")
            .completes(RUNNING)
            .flagsEndAtArgument();

    static final CommandDescriptor LIST = CommandDescriptor.of(
            ListContainersCommand::new,
            "List containers",
            "[OPTIONS]",
            "wherry ps -a",
            "wherry ps -q -f status=running -f label=team=web",
            "wherry ps --format 'table {{.Names}}\\t{{.Status}}'");

    static final CommandDescriptor START = CommandDescriptor.of(
                    StartCommand::new,
                    "Start one or more stopped containers",
                    "[OPTIONS] CONTAINER [CONTAINER...]",
                    "wherry start web",
                    "wherry start -ai shell")
            .completes(STOPPED);

    static final CommandDescriptor ATTACH = CommandDescriptor.of(
                    AttachCommand::new,
                    "Attach local standard input, output, and error streams to a running container",
                    "[OPTIONS] CONTAINER",
                    "wherry attach shell",
                    "wherry attach --no-stdin web")
            .details("If the container has a terminal, ctrl-p ctrl-q detaches from it without stopping it.")
            .completes(RUNNING);

    static final CommandDescriptor STOP = CommandDescriptor.of(
                    StopCommand::new,
                    "Stop one or more running containers",
                    "[OPTIONS] CONTAINER [CONTAINER...]",
                    "wherry stop web",
                    "wherry stop -t 1 web worker")
            .details("A container that does not exit after the stop signal is killed when the timeout has passed.")
            .completes(RUNNING);

    static final CommandDescriptor RESTART = CommandDescriptor.of(
                    RestartCommand::new,
                    "Restart one or more containers",
                    "[OPTIONS] CONTAINER [CONTAINER...]",
                    "wherry restart web",
                    "wherry restart -t 1 web worker")
            .completes(CONTAINER);

    static final CommandDescriptor KILL = CommandDescriptor.of(
                    KillCommand::new,
                    "Kill one or more running containers",
                    "[OPTIONS] CONTAINER [CONTAINER...]",
                    "wherry kill web",
                    "wherry kill -s HUP web")
            .completes(RUNNING);

    static final CommandDescriptor PAUSE = CommandDescriptor.of(
                    PauseCommand::new,
                    "Pause all processes within one or more containers",
                    "CONTAINER [CONTAINER...]",
                    "wherry pause web")
            .completes(RUNNING);

    static final CommandDescriptor UNPAUSE = CommandDescriptor.of(
                    UnpauseCommand::new,
                    "Unpause all processes within one or more containers",
                    "CONTAINER [CONTAINER...]",
                    "wherry unpause web")
            .completes(RUNNING);

    static final CommandDescriptor WAIT = CommandDescriptor.of(
                    WaitCommand::new,
                    "Block until one or more containers stop, then print their exit codes",
                    "CONTAINER [CONTAINER...]",
                    "wherry wait job")
            .completes(RUNNING);

    static final CommandDescriptor REMOVE = CommandDescriptor.of(
                    RemoveContainersCommand::new,
                    "Remove one or more containers",
                    "[OPTIONS] CONTAINER [CONTAINER...]",
                    "wherry rm web",
                    "wherry rm -f $(wherry ps -aq)")
            .completes(CONTAINER);

    static final CommandDescriptor PRUNE = CommandDescriptor.of(
            PruneContainersCommand::new,
            "Remove all stopped containers",
            "[OPTIONS]",
            "wherry container prune",
            "wherry container prune -f --filter until=24h --filter label!=keep");

    static final CommandDescriptor RENAME = CommandDescriptor.of(
                    RenameCommand::new, "Rename a container", "CONTAINER NEW_NAME", "wherry rename placid_cook web")
            .completes(CONTAINER);

    static final CommandDescriptor UPDATE = CommandDescriptor.of(
                    UpdateCommand::new,
                    "Update configuration of one or more containers",
                    "[OPTIONS] CONTAINER [CONTAINER...]",
                    "wherry update --memory 1g --memory-swap 2g web",
                    "wherry update --restart unless-stopped web")
            .details("Resource limits and the restart policy of a running container change at once.")
            .completes(CONTAINER)
            .refuses("cpu-rt-period cpu-rt-runtime kernel-memory");

    static final CommandDescriptor LOGS = CommandDescriptor.of(
                    LogsCommand::new,
                    "Fetch the logs of a container",
                    "[OPTIONS] CONTAINER",
                    "wherry logs -f web",
                    "wherry logs --tail 20 --since 10m web")
            .completes(CONTAINER);

    static final CommandDescriptor TOP = CommandDescriptor.of(
                    TopCommand::new,
                    "Display the running processes of a container",
                    "CONTAINER [ps OPTIONS]",
                    "wherry top web",
                    "wherry top web -o pid,rss,cmd")
            .completes(RUNNING)
            .flagsEndAtArgument();

    static final CommandDescriptor STATS = CommandDescriptor.of(
                    StatsCommand::new,
                    "Display a live stream of container(s) resource usage statistics",
                    "[OPTIONS] [CONTAINER...]",
                    "wherry stats",
                    "wherry stats --no-stream --format '{{.Name}} {{.MemUsage}}' web")
            .completes(RUNNING);

    static final CommandDescriptor PORT = CommandDescriptor.of(
                    PortCommand::new,
                    "List port mappings or a specific mapping for the container",
                    "CONTAINER [PRIVATE_PORT[/PROTO]]",
                    "wherry port web",
                    "wherry port web 80/tcp")
            .completes(CONTAINER);

    static final CommandDescriptor PORT_FORWARD = CommandDescriptor.of(
                    PortForwardCommand::new,
                    "Forward one or more local ports to a container",
                    "[OPTIONS] CONTAINER [LOCAL:]REMOTE [[LOCAL:]REMOTE...]",
                    "wherry port-forward web 8080:80",
                    "wherry port-forward web 80 :443",
                    "wherry port-forward --address 0.0.0.0 web 8080:80")
            .details(
                    "The container's ports need not be published, and the container needs no network. Connections pass"
                            + " through the daemon. ':REMOTE' picks a free local port. The command runs until it is interrupted.")
            .completes(RUNNING);

    static final CommandDescriptor INSPECT = CommandDescriptor.of(
                    InspectContainerCommand::new,
                    "Display detailed information on one or more containers",
                    "[OPTIONS] CONTAINER [CONTAINER...]",
                    "wherry container inspect web",
                    "wherry container inspect -f '{{.State.Running}}' web")
            .completes(CONTAINER);

    static final CommandDescriptor COMMIT = CommandDescriptor.of(
                    CommitCommand::new,
                    "Create a new image from a container's changes",
                    "[OPTIONS] CONTAINER [REPOSITORY[:TAG]]",
                    "wherry commit web web:patched",
                    "wherry commit -c 'CMD [\"/bin/sh\"]' -m 'with a shell' web debug")
            .completes(CONTAINER, IMAGE);

    static final CommandDescriptor COPY = CommandDescriptor.of(
                    CopyCommand::new,
                    "Copy files/folders between a container and the local filesystem",
                    "[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n[OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH",
                    "wherry cp web:/etc/nginx/nginx.conf .",
                    "wherry cp site/. web:/srv/www",
                    "wherry cp web:/var/log - | tar -t")
            .details("The container may be running or stopped. Use '-' as the source to read a tar archive from"
                    + " standard input and extract it to a directory in the container. Use '-' as the destination to"
                    + " write a tar archive of the container's files to standard output.")
            .completes(FILE, FILE);

    static final CommandDescriptor DIFF = CommandDescriptor.of(
                    DiffCommand::new,
                    "Inspect changes to files or directories on a container's filesystem",
                    "CONTAINER",
                    "wherry diff web")
            .details("Each line begins with A for an added, C for a changed, and D for a deleted file or directory.")
            .completes(CONTAINER);

    static final CommandDescriptor EXPORT = CommandDescriptor.of(
                    ExportCommand::new,
                    "Export a container's filesystem as a tar archive",
                    "[OPTIONS] CONTAINER",
                    "wherry export -o web.tar web",
                    "wherry export web | tar -t")
            .details("Files in volumes and other mounts of the container are not exported.")
            .completes(CONTAINER);

    private ContainerCommands() {}
}
