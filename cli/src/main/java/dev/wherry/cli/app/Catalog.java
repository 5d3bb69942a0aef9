package dev.wherry.cli.app;

import static dev.wherry.cli.app.ArgumentKind.CONTAINER;
import static dev.wherry.cli.app.ArgumentKind.CONTAINER_OR_IMAGE;
import static dev.wherry.cli.app.ArgumentKind.FILE;
import static dev.wherry.cli.app.ArgumentKind.FOLDER;
import static dev.wherry.cli.app.ArgumentKind.IMAGE;
import static dev.wherry.cli.app.ArgumentKind.RUNNING;
import static dev.wherry.cli.app.ArgumentKind.STOPPED;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.builder.BuildCommand;
import dev.wherry.cli.command.builder.DiskUsageCommand;
import dev.wherry.cli.command.builder.PruneCacheCommand;
import dev.wherry.cli.command.builder.WhyCommand;
import dev.wherry.cli.command.builder.history.BuildLogsCommand;
import dev.wherry.cli.command.builder.history.InspectBuildCommand;
import dev.wherry.cli.command.builder.history.ListBuildsCommand;
import dev.wherry.cli.command.builder.history.RemoveBuildsCommand;
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
import dev.wherry.cli.command.container.PruneContainersCommand;
import dev.wherry.cli.command.container.RemoveContainersCommand;
import dev.wherry.cli.command.container.RenameCommand;
import dev.wherry.cli.command.container.RestartCommand;
import dev.wherry.cli.command.container.RunCommand;
import dev.wherry.cli.command.container.StartCommand;
import dev.wherry.cli.command.container.StatsCommand;
import dev.wherry.cli.command.container.StopCommand;
import dev.wherry.cli.command.container.TopCommand;
import dev.wherry.cli.command.container.UnpauseCommand;
import dev.wherry.cli.command.container.UpdateCommand;
import dev.wherry.cli.command.container.WaitCommand;
import dev.wherry.cli.command.container.copy.CopyCommand;
import dev.wherry.cli.command.image.HistoryCommand;
import dev.wherry.cli.command.image.ImportCommand;
import dev.wherry.cli.command.image.InspectImageCommand;
import dev.wherry.cli.command.image.ListImagesCommand;
import dev.wherry.cli.command.image.PullCommand;
import dev.wherry.cli.command.image.RemoveImagesCommand;
import dev.wherry.cli.command.image.TagCommand;
import dev.wherry.cli.command.system.CompletionCommand;
import dev.wherry.cli.command.system.EventsCommand;
import dev.wherry.cli.command.system.InfoCommand;
import dev.wherry.cli.command.system.InspectCommand;
import dev.wherry.cli.command.system.VersionCommand;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** All commands by name. A command is made only when it is called, since a start pays for every command it makes. */
final class Catalog {
    /** Where the list of commands shows a command. */
    enum Section {
        COMMON,
        MANAGEMENT,
        OTHER
    }

    /**
     * A command, or a group of them.
     *
     * @param names its name and aliases
     * @param maker makes the command; {@code null} for a group
     * @param children commands of a group, else empty
     * @param arguments what each of its positional parameters names, for completion; empty where nothing is known of them
     */
    record Entry(
            Section section,
            List<String> names,
            String summary,
            Function<Session, Object> maker,
            List<Entry> children,
            List<ArgumentKind> arguments) {

        String name() {
            return names.getFirst();
        }

        boolean isGroup() {
            return maker == null;
        }

        /** The same as one of the commands of a group. */
        private Entry inner() {
            return new Entry(Section.OTHER, names, summary, maker, children, arguments);
        }

        private Entry naming(ArgumentKind... arguments) {
            return new Entry(section, names, summary, maker, children, List.of(arguments));
        }
    }

    private static final List<Entry> IMAGES = List.of(
            other("List images", ListImagesCommand::new, "ls", "list").naming(IMAGE),
            other("Show all about images", InspectImageCommand::new, "inspect").naming(IMAGE),
            other("Show the instructions an image was made by", HistoryCommand::new, "history")
                    .naming(IMAGE),
            other("Give an image one more name", TagCommand::new, "tag").naming(IMAGE, IMAGE),
            other("Remove images", RemoveImagesCommand::new, "rm", "remove").naming(IMAGE),
            other("Download an image from a registry", PullCommand::new, "pull").naming(IMAGE),
            other("Make an image of the files in a tar archive", ImportCommand::new, "import")
                    .naming(FILE, IMAGE),
            other("Build an image from a Dockerfile", BuildCommand::new, "build")
                    .naming(FOLDER));

    private static final List<Entry> CONTAINERS = List.of(
            other("List containers", ListContainersCommand::new, "ls", "list", "ps"),
            other("Create a container and run it", RunCommand::new, "run").naming(IMAGE),
            other("Create a container", CreateCommand::new, "create").naming(IMAGE),
            other("Start stopped containers", StartCommand::new, "start").naming(STOPPED),
            other("Join the streams of a running container", AttachCommand::new, "attach")
                    .naming(RUNNING),
            other("Stop running containers", StopCommand::new, "stop").naming(RUNNING),
            other("Kill running containers", KillCommand::new, "kill").naming(RUNNING),
            other("Freeze all processes of containers", PauseCommand::new, "pause")
                    .naming(RUNNING),
            other("List the ports of the host that lead to a container", PortCommand::new, "port")
                    .naming(CONTAINER),
            other("Remove all containers that do not run", PruneContainersCommand::new, "prune"),
            other("Give a container another name", RenameCommand::new, "rename").naming(CONTAINER),
            other("Stop containers and start them again", RestartCommand::new, "restart")
                    .naming(CONTAINER),
            other("Let paused containers go on", UnpauseCommand::new, "unpause").naming(RUNNING),
            other("Change limits and the restart policy of containers", UpdateCommand::new, "update")
                    .naming(CONTAINER),
            other("Wait until containers have stopped", WaitCommand::new, "wait")
                    .naming(RUNNING),
            other("Remove containers", RemoveContainersCommand::new, "rm", "remove")
                    .naming(CONTAINER),
            other("Show what a container wrote", LogsCommand::new, "logs").naming(CONTAINER),
            other("Make an image of what a container changed", CommitCommand::new, "commit")
                    .naming(CONTAINER, IMAGE),
            other("Copy files into a container or out of it", CopyCommand::new, "cp")
                    .naming(FILE, FILE),
            other("Show what a container changed in its file system", DiffCommand::new, "diff")
                    .naming(CONTAINER),
            other("Write the file system of a container as a tar archive", ExportCommand::new, "export")
                    .naming(CONTAINER),
            other("Run a program in a running container", ExecCommand::new, "exec")
                    .naming(RUNNING),
            other("Show the processes of a running container", TopCommand::new, "top")
                    .naming(RUNNING),
            other("Show what containers use", StatsCommand::new, "stats").naming(RUNNING),
            other("Show all about containers", InspectContainerCommand::new, "inspect")
                    .naming(CONTAINER));

    private static final List<Entry> BUILDS = List.of(
            other("List the builds that ended lately", ListBuildsCommand::new, "ls", "list"),
            other("Show all about a build", InspectBuildCommand::new, "inspect"),
            other("Show what the steps of a build wrote", BuildLogsCommand::new, "logs"),
            other("Forget builds", RemoveBuildsCommand::new, "rm", "remove"));

    private static final List<Entry> BUILDER = List.of(
            other("Build an image from a Dockerfile", BuildCommand::new, "build")
                    .naming(FOLDER),
            other("Show what the build cache holds", DiskUsageCommand::new, "du"),
            group("Look at the builds that ended lately", BUILDS, "history").inner(),
            other("Remove build cache", PruneCacheCommand::new, "prune"),
            other("Say why a step was not taken from the cache", WhyCommand::new, "why"));

    private static final List<Entry> SYSTEM = List.of(
            other("Show what happens to containers and images", EventsCommand::new, "events"),
            other("Show the state of the daemon, and what the host lacks", InfoCommand::new, "info"));

    static final List<Entry> COMMANDS = List.of(
            common("Create a container from an image and run it", RunCommand::new, "run")
                    .naming(IMAGE),
            common("Run a program in a running container", ExecCommand::new, "exec")
                    .naming(RUNNING),
            common("List containers", ListContainersCommand::new, "ps"),
            common("Build an image from a Dockerfile", BuildCommand::new, "build")
                    .naming(FOLDER),
            common("Download an image from a registry", PullCommand::new, "pull")
                    .naming(IMAGE),
            common("List images", ListImagesCommand::new, "images").naming(IMAGE),
            common("Show the versions of client and daemon", VersionCommand::new, "version"),
            common("Show the state of the daemon, and what the host lacks", InfoCommand::new, "info"),
            group("Manage builds and their cache", BUILDER, "builder", "buildx"),
            group("Manage containers", CONTAINERS, "container"),
            group("Manage images", IMAGES, "image"),
            group("Manage Wherry", SYSTEM, "system"),
            other("Join the streams of a running container", AttachCommand::new, "attach")
                    .naming(RUNNING),
            other("Make an image of what a container changed", CommitCommand::new, "commit")
                    .naming(CONTAINER, IMAGE),
            other("Copy files into a container or out of it", CopyCommand::new, "cp")
                    .naming(FILE, FILE),
            other("Show what a container changed in its file system", DiffCommand::new, "diff")
                    .naming(CONTAINER),
            other("Write the file system of a container as a tar archive", ExportCommand::new, "export")
                    .naming(CONTAINER),
            other("Print a script that completes commands in a shell", CompletionCommand::new, "completion"),
            other("Create a container", CreateCommand::new, "create").naming(IMAGE),
            other("Show what happens to containers and images", EventsCommand::new, "events"),
            other("Show the instructions an image was made by", HistoryCommand::new, "history")
                    .naming(IMAGE),
            other("Make an image of the files in a tar archive", ImportCommand::new, "import")
                    .naming(FILE, IMAGE),
            other("Show all about containers and images", InspectCommand::new, "inspect")
                    .naming(CONTAINER_OR_IMAGE),
            other("Kill running containers", KillCommand::new, "kill").naming(RUNNING),
            other("Show what a container wrote", LogsCommand::new, "logs").naming(CONTAINER),
            other("Freeze all processes of containers", PauseCommand::new, "pause")
                    .naming(RUNNING),
            other("List the ports of the host that lead to a container", PortCommand::new, "port")
                    .naming(CONTAINER),
            other("Give a container another name", RenameCommand::new, "rename").naming(CONTAINER),
            other("Stop containers and start them again", RestartCommand::new, "restart")
                    .naming(CONTAINER),
            other("Remove containers", RemoveContainersCommand::new, "rm").naming(CONTAINER),
            other("Remove images", RemoveImagesCommand::new, "rmi").naming(IMAGE),
            other("Start stopped containers", StartCommand::new, "start").naming(STOPPED),
            other("Stop running containers", StopCommand::new, "stop").naming(RUNNING),
            other("Give an image one more name", TagCommand::new, "tag").naming(IMAGE, IMAGE),
            other("Let paused containers go on", UnpauseCommand::new, "unpause").naming(RUNNING),
            other("Change limits and the restart policy of containers", UpdateCommand::new, "update")
                    .naming(CONTAINER),
            other("Show what containers use", StatsCommand::new, "stats").naming(RUNNING),
            other("Show the processes of a running container", TopCommand::new, "top")
                    .naming(RUNNING),
            other("Wait until containers have stopped", WaitCommand::new, "wait")
                    .naming(RUNNING));

    private Catalog() {}

    /** The command of a name among {@code entries}. */
    static Optional<Entry> find(List<Entry> entries, String name) {
        return entries.stream().filter(entry -> entry.names().contains(name)).findFirst();
    }

    private static Entry common(String summary, Function<Session, Object> maker, String... names) {
        return new Entry(Section.COMMON, List.of(names), summary, maker, List.of(), List.of());
    }

    private static Entry other(String summary, Function<Session, Object> maker, String... names) {
        return new Entry(Section.OTHER, List.of(names), summary, maker, List.of(), List.of());
    }

    private static Entry group(String summary, List<Entry> children, String... names) {
        return new Entry(Section.MANAGEMENT, List.of(names), summary, null, children, List.of());
    }
}
